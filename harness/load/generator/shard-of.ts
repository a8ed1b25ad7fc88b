import type { Scenario } from '../../scenario/scenario.ts';
import { Shard } from './shard.ts';
import type { ShardSpec } from '../accounts/shard-result.ts';
import type { ShardRunner } from './shard-runner.ts';

/** Makes everything that is not to be measured. A tool is loaded only for the scenarios that it serves. */
export async function shardOf(spec: ShardSpec, scenario: Scenario): Promise<ShardRunner> {
  if (scenario.http === undefined) return new Shard(spec, scenario);
  const { HttpShard } = await import('../http/http-shard.ts');
  return new HttpShard(spec, scenario);
}
