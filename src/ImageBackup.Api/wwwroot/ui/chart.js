// The throughput of an operation as a small line.
import { svg } from './dom.js';
import { rate } from './format.js';
import { texts } from './texts.js';

const MOST = 120;
const [WIDTH, HEIGHT] = [240, 36];

/** Returns a chart; `add` takes the present rate in bytes per second, or null. */
export function throughputChart() {
  const rates = [];
  const line = svg('polyline', { fill: 'none', stroke: 'currentColor', 'stroke-width': '1.5', 'vector-effect': 'non-scaling-stroke' });
  const element = svg('svg', { class: 'chart', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img' }, line);
  const show = () => {
    const most = Math.max(...rates, 1);
    element.toggleAttribute('hidden', rates.length < 2 || most === 1);
    element.setAttribute('aria-label', texts.figures.throughput(rate(rates.at(-1)) || '0', rate(most)));
    line.setAttribute('points', rates.map((value, index) => `${(index / (MOST - 1)) * WIDTH},${HEIGHT - 1 - (value / most) * (HEIGHT - 3)}`).join(' '));
  };
  show();
  return {
    element,
    add(bytesPerSecond) {
      if (bytesPerSecond !== null) {
        rates.push(bytesPerSecond);
        rates.splice(0, rates.length - MOST);
        show();
      }
    },
    clear() {
      rates.length = 0;
      show();
    },
  };
}
