/** What a worker is started with: a CommonJS module, since only those load at once whatever they need (load-module.ts). */
require('./worker-main.ts');
