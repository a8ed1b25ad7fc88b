/** What /proc/cpuinfo tells of the CPUs; arm64 gives neither. */
export interface CpuInfo {
  readonly model: string | null;
  /** Present frequency by CPU, in MHz. */
  readonly mhz: readonly number[];
}

export function parseCpuInfo(bytes: Buffer): CpuInfo {
  const text = bytes.toString('latin1');
  const [, model] = /^model name\s*: (.+)$/m.exec(text) ?? [];
  const mhz = [...text.matchAll(/^cpu MHz\s*: (\d+\.\d+)\n/gm)].map(([, figure]) => Number(figure));
  return { model: model ?? null, mhz };
}
