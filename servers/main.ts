#!/usr/bin/env node
/** The servers in TypeScript: `node servers/main.ts VARIANT --service NAME [options]` (docs/servers/contract.md). */
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Set before anything else is loaded, and in the environment for the workers: without the cache each thread and
// process strips and compiles the sources anew, which dominates its start.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('../.cache/node-compile', import.meta.url));
enableCompileCache(process.env['NODE_COMPILE_CACHE']);

const { run } = await import('./run.ts');
await run(process.argv.slice(2));
