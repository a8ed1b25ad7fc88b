/** The little of autocannon that the limits use; the package carries no types. */
declare module 'autocannon' {
  export default function autocannon(options: {
    readonly url: string;
    readonly connections: number;
    /** Seconds. */
    readonly duration: number;
  }): Promise<{ readonly '2xx': number }>;
}
