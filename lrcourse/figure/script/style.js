// The element's colours, each at least 4.5 : 1 on its own background in either theme.
const css = `
:host { display: block; container-type: inline-size; max-width: 640px; margin: 1em 0; padding: 10px 12px;
  box-sizing: border-box; border: 1px solid var(--rule); border-radius: 6px; background: var(--paper); color: var(--ink);
  font: 14px/1.45 system-ui, sans-serif; color-scheme: light;
  --paper: #fff; --ink: #1f2328; --soft: #57606a; --rule: #d0d7de; --pale: #8c959f; --field: #dbeafe;
  --first: #0b5cad; --second: #a04100; --own: #1a7f37; --alarm: #b3001b; }
:host([dark]) { color-scheme: dark; --paper: #16191f; --ink: #e6e8eb; --soft: #a3abb5; --rule: #3d444d; --pale: #6e7781; --field: #1d3350;
  --first: #79b8ff; --second: #ffa657; --own: #56d364; --alarm: #ff8a93; }
.control { display: grid; grid-template: "name field value" / 11.5em minmax(0, 1fr) 4.5em; gap: 0 10px; align-items: center; min-height: 30px; margin: 0; padding: 0; border: 0; min-width: 0; }
.control > :first-child { grid-area: name; } .field { grid-area: field; } output { grid-area: value; text-align: right; font-variant-numeric: tabular-nums; }
input[type=range] { width: 100%; height: 28px; margin: 0; accent-color: var(--first); touch-action: pan-y; }
.names { display: flex; flex-wrap: wrap; gap: 0 14px; }
.names label { display: inline-flex; align-items: center; min-height: 28px; gap: 4px; cursor: pointer; }
input[type=radio] { accent-color: var(--first); margin: 0; width: 16px; height: 16px; }
select { justify-self: start; max-width: 100%; min-height: 30px; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--pale); border-radius: 4px; }
.marks { display: flex; flex-wrap: wrap; gap: 6px; margin: 8px 0; }
button { font: inherit; color: inherit; background: none; border: 1px solid var(--pale); border-radius: 4px; min-height: 28px; padding: 1px 9px; cursor: pointer; }
button[aria-pressed=true] { background: var(--field); border-color: var(--first); }
.link { margin-left: auto; border-color: transparent; text-decoration: underline; }
.views { display: grid; grid-template-columns: 1fr 1fr; gap: 8px; }
.views.one { grid-template-columns: minmax(0, 440px); }
.views.three > :first-child { grid-row: 1 / 3; }
svg { display: block; width: 100%; height: auto; overflow: hidden; }
.scrub { touch-action: pan-y; cursor: ew-resize; } .plane { touch-action: none; cursor: crosshair; }
text { fill: var(--soft); font-size: 11px; paint-order: stroke; } .title { fill: var(--ink); font-size: 12px; font-weight: 600; }
.grid { stroke: var(--rule); fill: none; stroke-width: .8; }
.curve { fill: none; stroke-width: 2; stroke-linejoin: round; } .wide { stroke-width: 5; stroke-opacity: .55; } .thin { stroke-width: 1.2; }
.steps { fill: none; stroke-width: 3.5; stroke-linecap: round; }
.line { stroke-width: 1.3; stroke-dasharray: 5 4; fill: none; } .line.alarm { stroke-width: 2; stroke-dasharray: none; }
.first { stroke: var(--first); } .second { stroke: var(--second); } .own { stroke: var(--own); } .alarm { stroke: var(--alarm); }
.curve.own { stroke-dasharray: 6 3; }
.pale { stroke: var(--pale); stroke-width: .8; } .calm, .now { stroke: var(--soft); } .line.now { stroke-dasharray: 2 3; }
text.first, text.second, text.own, text.alarm, text.calm { stroke: none; }
svg svg text { stroke: var(--paper) !important; stroke-width: 3px; }
text.first { fill: var(--first); } text.second { fill: var(--second); } text.own { fill: var(--own); } text.alarm { fill: var(--alarm); font-weight: 600; }
.dot { fill: var(--paper); stroke-width: 2.2; } .dot.now { fill: var(--soft); stroke: none; }
.dot.mark { stroke: var(--soft); fill: transparent; stroke-width: 1.6; cursor: pointer; pointer-events: all; }
.stable { fill: var(--field); stroke: none; }
.said { margin: 8px 0 0; min-height: 2.9em; } .said.alarm { color: var(--alarm); } .question { margin: 6px 0 0; font-style: italic; }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
:focus-visible { outline: 2px solid var(--first); outline-offset: 2px; }
@container (max-width: 480px) { .views, .views.one { grid-template-columns: minmax(0, 1fr); } .views.three > :first-child { grid-row: auto; }
  .control { grid-template: "name value" "field field" / minmax(0, 1fr) 4.5em; } }
@media print { .controls, .marks, .question { display: none; } :host { break-inside: avoid; } }`;
// the book lays a light plate behind HTML outputs in dark mode
const page = `.text_html:has(> lr-figure) { background: none !important; padding: 0 !important; color: inherit; }`;
