/** Draws the launches of a duet from its seed. */
import { seededRandom, type Random } from '../../plan/random.ts';
import type { Contrast, DuetPlan, PlannedLaunch } from '../../results/schema/duet-plan.ts';

/** A duet before its launches are drawn. */
export type DuetRequest = Omit<DuetPlan, 'schema' | 'kind' | 'launches'>;

/** What chance decides for one launch. */
type Draw = Pick<PlannedLaunch, 'first' | 'pattern' | 'place' | 'generator'>;

/**
 * Builds the plan. The same request gives the same plan byte for byte.
 *
 * There is a round for each launch that the last interim analysis may want; a round holds one launch of every subject against the
 * head and, where there is a control, one against that, in an order of its own. Whatever the machine does meanwhile
 * thus falls on all of them alike.
 */
export function buildDuetPlan(request: DuetRequest): DuetPlan {
  const random = seededRandom(request.seed);
  const contrasts: readonly Contrast[] = request.control ? ['head', 'control'] : ['head'];
  const rounds = request.rule.analyses.at(-1)?.launches ?? 0;
  const series = request.subjects.flatMap(({ name }) =>
    contrasts.map((contrast) => ({
      subject: name,
      contrast,
      draws: balancedDraws(rounds, request.timing.slices, random),
    })),
  );
  const launches: PlannedLaunch[] = [];
  for (let round = 1; round <= rounds; round++) {
    for (const { subject, contrast, draws } of random.shuffled(series)) {
      launches.push({
        index: launches.length,
        round,
        subject,
        contrast,
        ...(draws[round - 1] as Draw),
        seed: random.integer(0, 0x7fff_ffff),
      });
    }
  }
  return { schema: 2, kind: 'duet', ...request, launches };
}

/**
 * Balanced in fours: in every four launches each arm is twice the first, twice begins on either core, and lies twice
 * in either folder, and of these three any two come in all four combinations (an orthogonal array of strength two).
 * Which generator drives the base is balanced in fours by itself.
 */
function balancedDraws(count: number, slices: number, random: Random): Draw[] {
  const draws: Draw[] = [];
  while (draws.length < count) {
    const rows = random.shuffled([0, 1, 2, 3]);
    const generators = random.shuffled<0 | 1>([0, 0, 1, 1]);
    const flip = random.integer(0, 1);
    for (const [i, row] of rows.entries()) {
      const core = row & 1;
      const place = row >> 1;
      draws.push({
        first: (core ^ place ^ flip) === 0 ? 'base' : 'head',
        pattern: patternFrom(core, slices),
        place: place === 0 ? 0 : 1,
        generator: generators[i] ?? 0,
      });
    }
  }
  return draws.slice(0, count);
}

/** 0110 or 1001, and on: a drift that is steady over the launch falls on both arms alike. */
function patternFrom(core: number, slices: number): (0 | 1)[] {
  return Array.from({ length: slices }, (_, i) => ((((i + 1) >> 1) + core) % 2 === 0 ? 0 : 1));
}
