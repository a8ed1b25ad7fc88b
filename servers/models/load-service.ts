import type { Context, Service, ServiceModule, TurnAwayReason } from '../services/service.ts';
import { loadModule } from '../load-module.ts';
import type { ServiceChoice } from './model.ts';

/** A service as one worker uses it. */
export interface LoadedService {
  create(context: Context): Service;
  farewell(reason: TurnAwayReason): Uint8Array | undefined;
}

/** Imports the module of a service. Its parameters were checked when the command line was read. */
export function loadService({ module, parameters }: ServiceChoice): LoadedService {
  const { service } = loadModule(module) as { service: ServiceModule };
  return {
    create: (context) => service.create(parameters, context),
    farewell: (reason) => service.turnAway?.(parameters, reason),
  };
}
