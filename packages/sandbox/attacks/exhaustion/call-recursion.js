import { report } from './report.js';

const down = () => down() + 1;
const proxied = new Proxy({}, { get: (_target, name, self) => self[name] });
const accessor = {
  get deeper() {
    return this.deeper;
  },
};
const sorting = () => [2, 1].sort(sorting);
const replacing = () => 'x'.replace(/x/, replacing);

export default report(
  down,
  () => proxied.any,
  () => accessor.deeper,
  sorting,
  () =>
    replacing().length +
    Reflect.construct(
      class Deep {
        constructor() {
          new Deep();
        }
      },
      [],
    ).x,
);
