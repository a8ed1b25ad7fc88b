/** autocannon in a process of its own, so that its CPU time is its own: `node autocannon.ts URL CONNECTIONS SECONDS`. */
import autocannon from 'autocannon';

const [url = '', connections = '50', seconds = '1'] = process.argv.slice(2);
const before = process.cpuUsage();
const load = await autocannon({ url, connections: Number(connections), duration: Number(seconds) });
const { user, system } = process.cpuUsage(before);
process.stdout.write(`${JSON.stringify({ cpuUs: user + system, requests: load['2xx'] })}\n`);
