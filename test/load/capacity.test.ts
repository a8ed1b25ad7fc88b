import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from '../property.ts';
import { planCapacity, type Demand, type MachineLimits } from '../../harness/load/capacity.ts';

const machine: MachineLimits = {
  filesPerProcess: 20_000,
  portRange: { low: 32_768, high: 60_999 },
  availableBytes: 8e9,
};
const demand: Demand = { clients: 500 };

function refusal(change: Partial<Demand>, limits: Partial<MachineLimits> = {}) {
  const plan = planCapacity({ ...demand, ...change }, { ...machine, ...limits });
  assert.equal(plan.kind, 'refused');
  return plan.kind === 'refused' ? plan : assert.fail();
}

void test('500 clients take one generator, from the address that the kernel chooses', () => {
  assert.deepEqual(planCapacity(demand, machine), { kind: 'fits', generators: 1, sources: [] });
});

void test('50,000 clients under 20,000 descriptors a process take three generators that come from four addresses', () => {
  assert.deepEqual(planCapacity({ ...demand, clients: 50_000 }, machine), {
    kind: 'fits',
    generators: 3,
    sources: ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.4'],
  });
});

void test('no plan asks more of a process or an address than it has', () => {
  const limits = fc.record({
    filesPerProcess: fc.integer({ min: 1, max: 100_000 }),
    portRange: fc
      .tuple(fc.integer({ min: 1024, max: 60_000 }), fc.integer({ min: 0, max: 5000 }))
      .map(([low, length]) => ({ low, high: low + length })),
    availableBytes: fc.integer({ min: 0, max: 2 ** 36 }),
  });
  const demands = fc.record({
    clients: fc.integer({ min: 1, max: 200_000 }),
  });
  fc.assert(
    fc.property(demands, limits, (asked, has) => {
      const plan = planCapacity(asked, has);
      if (plan.kind === 'refused') {
        assert.match(plan.message, /ask for fewer clients/);
        return;
      }
      const ports = has.portRange.high - has.portRange.low + 1;
      assert.ok(plan.generators >= 1);
      assert.ok(asked.clients <= plan.generators * has.filesPerProcess);
      assert.ok(asked.clients <= Math.max(1, plan.sources.length) * Math.max(1, ports));
      assert.equal(new Set(plan.sources).size, plan.sources.length);
    }),
    { numRuns: 300 },
  );
});

void test('a refusal names the limit that stands in the way and how to lift it', () => {
  assert.match(refusal({}, { filesPerProcess: 64 }).message, /64 files \(ulimit -n\).*raise/);
  const tenPorts = { portRange: { low: 40_000, high: 40_009 } };
  assert.equal(refusal({ clients: 2000 }, tenPorts).limit, 'ports');
  assert.match(refusal({ clients: 2000 }, tenPorts).message, /ip_local_port_range/);
  assert.equal(refusal({ clients: 100_000 }, { availableBytes: 1e9 }).limit, 'memory');
  assert.equal(refusal({ clients: 50_000, serverProcesses: 1 }).limit, 'server-descriptors');
  assert.equal(refusal({ clients: 100_000 }, { filesPerProcess: 1064 }).limit, 'processes');
});
