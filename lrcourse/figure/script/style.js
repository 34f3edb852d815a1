// The element's colours: the book's hues, each at least 4.5 : 1 on its background in either theme.
const shades = { light: '#ffffd9 #edf8b1 #c7e9b4 #7fcdbb #41b6c4 #1d91c0 #225ea8 #253494 #081d58'.split(' ') };
const shadeRules = (colors, host) => Array.from({ length: SHADES }, (_, i) => {
  const at = i / (SHADES - 1) * (colors.length - 1), k = Math.min(Math.floor(at), colors.length - 2), share = Math.round(100 * (at - k));
  return `${host} .shade${i} { fill: color-mix(in oklab, ${colors[k + 1]} ${share}%, ${colors[k]}); }`;
}).join('');
const light = `--paper: #fff; --ink: #1f2328; --soft: #57606a; --rule: #d8dee4; --pale: #8c959f; --field: #dbeafe; --faint: #f4f7fa;
  --first: #0067a3; --second: #a84300; --third: #00694d; --fourth: #8a3f70; --own: #1a7f37; --alarm: #b3001b;`;
const css = `
:host { display: block; container-type: inline-size; max-width: 640px; margin: 1em 0; padding: 12px 14px;
  box-sizing: border-box; border: 1px solid var(--rule); border-radius: 10px; background: var(--paper); color: var(--ink);
  font: 14px/1.45 system-ui, sans-serif; color-scheme: light; ${light} }
:host([dark]) { color-scheme: dark; --paper: #16191f; --ink: #e6e8eb; --soft: #a3abb5; --rule: #3d444d; --pale: #6e7781; --field: #1d3350; --faint: #1e232b;
  --first: #7cc4f0; --second: #ff9a62; --third: #45cfa0; --fourth: #e3a6c8; --own: #56d364; --alarm: #ff8a93; }
.control { display: grid; grid-template: "name field value" / 11.5em minmax(0, 1fr) 4.5em; gap: 0 10px; align-items: center; min-height: 30px; margin: 0; padding: 0; border: 0; min-width: 0; }
.control > :first-child { grid-area: name; } .field { grid-area: field; } output { grid-area: value; text-align: right; font-variant-numeric: tabular-nums; font-weight: 600; }
.idle { display: block; color: var(--soft); font-style: italic; line-height: 1.1; } .idle[hidden] { display: none; }
input[type=range] { appearance: none; width: 100%; height: 28px; margin: 0; background: none; touch-action: pan-y; cursor: pointer; --fill: var(--first); }
input[type=range]::-webkit-slider-runnable-track { height: 4px; border-radius: 2px; background: linear-gradient(to right, var(--fill) calc(9px + var(--share) * (100% - 18px)), var(--rule) 0); }
input[type=range]::-moz-range-track { height: 4px; border-radius: 2px; background: linear-gradient(to right, var(--fill) calc(9px + var(--share) * (100% - 18px)), var(--rule) 0); }
input[type=range]::-webkit-slider-thumb { appearance: none; width: 18px; height: 18px; margin-top: -7px; border-radius: 50%; background: var(--paper); border: 5px solid var(--fill); box-shadow: 0 0 0 1px var(--paper); }
input[type=range]::-moz-range-thumb { width: 8px; height: 8px; border-radius: 50%; background: var(--paper); border: 5px solid var(--fill); }
input.stops { background: repeating-linear-gradient(to right, var(--pale) 0 2px, transparent 2px calc((100% - 2px) / var(--stops))) 8px 21px / calc(100% - 16px) 4px no-repeat; }
input:disabled, select:disabled { cursor: not-allowed; opacity: .45; }
.names { display: flex; flex-wrap: wrap; gap: 0 14px; }
.names label { display: inline-flex; align-items: center; min-height: 28px; gap: 5px; cursor: pointer; }
input[type=radio] { accent-color: var(--first); margin: 0; width: 16px; height: 16px; }
select { justify-self: start; max-width: 100%; min-height: 30px; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--pale); border-radius: 6px; }
.marks { display: flex; flex-wrap: wrap; gap: 6px; margin: 8px 0; }
button { font: inherit; color: inherit; background: none; border: 1px solid var(--pale); border-radius: 99px; min-height: 28px; padding: 1px 11px; cursor: pointer; }
button:hover { border-color: var(--first); } button[aria-pressed=true] { background: var(--field); border-color: var(--first); }
.link { margin-left: auto; border-color: transparent; text-decoration: underline; text-underline-offset: 2px; }
.views { display: grid; grid-template-columns: 1fr 1fr; gap: 8px; align-items: start; margin-top: 4px; }
.views.one { grid-template-columns: minmax(0, 440px); justify-content: center; }
.views.three > :first-child { grid-row: 1 / 3; } .views > .broad { grid-column: 1 / -1; } .views > .narrow { display: none; }
svg { display: block; width: 100%; height: auto; overflow: hidden; user-select: none; -webkit-user-select: none; border-radius: 4px; }
.scrub { touch-action: pan-y; cursor: ew-resize; } .plane { touch-action: none; cursor: crosshair; }
text { fill: var(--soft); font-size: 11px; paint-order: stroke; } .small { font-size: 10px; } .title { fill: var(--ink); font-size: 12px; font-weight: 600; }
.grid { stroke: var(--rule); fill: none; stroke-width: .8; }
.curve { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; } .wide { stroke-width: 5; stroke-opacity: .55; } .thin { stroke-width: 1.2; }
.steps { fill: none; stroke-width: 3.5; stroke-linecap: round; } .spots { fill: none; stroke-width: 4.5; stroke-linecap: round; }
.line { stroke-width: 1.3; stroke-dasharray: 5 4; fill: none; } .line.alarm { stroke-width: 2; stroke-dasharray: none; }
.first { stroke: var(--first); } .second { stroke: var(--second); } .third { stroke: var(--third); } .fourth { stroke: var(--fourth); } .own { stroke: var(--own); } .alarm { stroke: var(--alarm); }
.curve.own { stroke-dasharray: 6 3; }
.pale { stroke: var(--pale); stroke-width: .8; } .spots.pale { stroke-width: 3; stroke-opacity: .7; } .calm, .now { stroke: var(--soft); } .goal { stroke: var(--soft); } .curve.goal { stroke-width: 1.6; stroke-dasharray: 5 3; } .line.now { stroke-dasharray: 2 3; }
text.first, text.second, text.third, text.fourth, text.own, text.alarm, text.calm, text.goal, tspan[class] { stroke: none; }
svg svg text { stroke: var(--paper) !important; stroke-width: 3px; }
text.first, tspan.first { fill: var(--first); } text.second, tspan.second { fill: var(--second); } text.third, tspan.third { fill: var(--third); } text.fourth, tspan.fourth { fill: var(--fourth); } text.own { fill: var(--own); } text.alarm { fill: var(--alarm); font-weight: 600; }
.dot { fill: var(--paper); stroke-width: 2.2; } .dot.now { fill: var(--soft); stroke: none; }
.dot.mark { stroke: var(--soft); fill: transparent; stroke-width: 1.6; cursor: pointer; pointer-events: all; }
.stable { fill: var(--field); stroke: none; } .bars { fill: var(--field); stroke: var(--first); stroke-width: 1; }
.cell { stroke: none; shape-rendering: crispEdges; } .lost { fill: url(#hatch); } .hatch { stroke: var(--pale); stroke-width: 1.6; }
.cursor { fill: none; stroke: var(--ink); stroke-width: 2.2; } .cursor.under { stroke: var(--paper); stroke-width: 5; }
.grip { fill: var(--paper); stroke: var(--second); stroke-width: 3; cursor: ns-resize; } .grip:focus-visible { outline: none; fill: var(--second); stroke-width: 5; }
.star, .alike { fill: var(--paper); stroke: var(--ink); stroke-width: 1.4; } .alike { pointer-events: none; } .pointer { fill: var(--ink); }
.row text { fill: var(--ink); } .row { transition: transform .35s ease; } .row.gone text { fill: var(--soft); }
.bar { stroke-width: 7; stroke-opacity: .35; } .whisker { stroke-width: 2; stroke-linecap: round; }
.number { text-align: center; align-self: center; } .number p { margin: 2px 0; } .number .name { font-weight: 600; font-size: 12px; } .large { font-size: 2.6rem; line-height: 1.1; font-weight: 650; color: var(--first); font-variant-numeric: tabular-nums; }
.said { margin: 10px 0 0; padding: 6px 10px; min-height: 2.9em; border-left: 3px solid var(--first); border-radius: 0 6px 6px 0; background: var(--faint); }
.said.alarm { color: var(--alarm); border-color: var(--alarm); } .question { margin: 8px 0 0; font-style: italic; }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
:focus-visible { outline: 2px solid var(--first); outline-offset: 2px; } svg:focus-visible { outline-offset: -2px; }
@container (max-width: 480px) { .views, .views.one { grid-template-columns: minmax(0, 1fr); } .views > .broad { display: none; } .views > .narrow { display: block; } .views.three > :first-child { grid-row: auto; }
  .control { grid-template: "name value" "field field" / minmax(0, 1fr) 4.5em; } .idle { display: inline; }
  button, select { min-height: 40px; } .names label { min-height: 40px; } input[type=range] { height: 40px; } input.stops { background-position-y: 27px; } }
@media (pointer: coarse) { .control, .names label, button, select { min-height: 44px; } input[type=range] { height: 44px; } input.stops { background-position-y: 29px; }
  input[type=radio] { width: 20px; height: 20px; } .marks { gap: 8px; } }
@media (prefers-reduced-motion: reduce) { .row { transition: none; } }
@media print { .controls, .marks, .question { display: none; } :host, :host([dark]) { break-inside: avoid; color-scheme: light; ${light} } }
${shadeRules(shades.light, '')}${shadeRules([...shades.light].reverse(), ':host([dark])')}`;
// the book lays a light plate behind HTML outputs in dark mode
const page = `.text_html:has(> lr-figure) { background: none !important; padding: 0 !important; color: inherit; }`;
