// Recorded numbers, 16 bits each, as lrcourse.figure.recorded.codes stores them.
const codesOf = (text) => Array.from(new Uint16Array(bytes(text)));
const threeDigits = ({ lowest, codes }) => codesOf(codes).map((code) => {
  if (code === 0 || code === 65535) return code && Infinity;
  const size = (code - 1) % 32400;
  return Number(`${code > 32400 ? '-' : ''}${size % 900 + 100}e${Math.floor(size / 900) + lowest}`);
});
const saidNumbers = (stored) => (stored.least === undefined ? threeDigits(stored)
  : codesOf(stored.codes).map((code) => (code === 65535 ? Infinity : stored.least + code)));
const offScale = (stored) => (stored.log ? offLogScale(stored)
  : codesOf(stored.codes).map((code) => (code === 65535 ? Infinity : stored.low + (stored.high - stored.low) * (code / 65534))));
const readOf = (stored, decode) => Object.fromEntries(Object.entries(stored).map(([name, each]) => [name,
  { ...each, values: each.texts ? codesOf(each.codes).map((code) => each.texts[code]) : decode(each) }]));
