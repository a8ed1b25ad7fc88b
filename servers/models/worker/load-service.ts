import type { Context, Service, ServiceModule, TurnAwayReason } from '../../services/api/service.ts';
import type { ServiceChoice } from '../model.ts';

/** A service as one worker uses it. */
export interface LoadedService {
  create(context: Context): Service;
  farewell(reason: TurnAwayReason): Uint8Array | undefined;
}

/** Imports the module of a service. Its parameters were checked when the command line was read. */
export async function loadService({ module, parameters }: ServiceChoice): Promise<LoadedService> {
  const { service } = (await import(module)) as { service: ServiceModule };
  return withParameters(service, parameters);
}

/** A service that is loaded already. */
export function withParameters(
  service: ServiceModule,
  parameters: ServiceChoice['parameters'],
): LoadedService {
  return {
    create: (context) => service.create(parameters, context),
    farewell: (reason) => service.turnAway?.(parameters, reason),
  };
}
