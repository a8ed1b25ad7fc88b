/** The load engine over Node's own sockets: the same behaviour, whichever code carries the connections. */
process.env['GENERATOR_SOCKETS'] = 'node';
await import('./connection.test.ts');
await import('./misbehaving.test.ts');
await import('./open-loop.test.ts');
