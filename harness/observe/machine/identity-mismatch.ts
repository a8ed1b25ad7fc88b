import type { EnvironmentIdentity } from '../../results/schema/run.ts';

/** The differences that forbid a comparison, a line each, such as `kernel: "6.1.0" against "6.8.0"`. */
export function identityMismatch(a: EnvironmentIdentity, b: EnvironmentIdentity): readonly string[] {
  const left = flattened(a);
  const right = flattened(b);
  const names = new Set([...left.keys(), ...right.keys()]);
  return [...names].flatMap((name) => {
    const [before, after] = [left.get(name) ?? 'unknown', right.get(name) ?? 'unknown'];
    return before === after ? [] : [`${name}: ${before} against ${after}`];
  });
}

function flattened(value: object, prefix = ''): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(value).flatMap(([name, field]: [string, unknown]) =>
      typeof field === 'object' && field !== null
        ? [...flattened(field, `${prefix}${name}.`)]
        : [[`${prefix}${name}`, JSON.stringify(field)] as const],
    ),
  );
}
