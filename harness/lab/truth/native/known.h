/*
 * known-server --port N [--OPTION VALUE]...
 *
 * A server whose behaviour is known: it answers as an echo or session server would, and does to each connection and
 * exchange exactly what its options say. As it stops it prints what it really did, so that a measurement is compared with
 * what happened, not with what was asked for.
 */
#ifndef KNOWN_H
#define KNOWN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Who spends the CPU time of an exchange. */
enum burner { BY_SERVER, BY_CHILD, BY_ORPHAN };

/* What is wrong with a corrupted answer: a bit, its length, or whose it is. */
enum corruption { BIT, HALF, STRANGER };

enum distribution { CONSTANT, UNIFORM, EXPONENTIAL };

struct options {
  uint64_t port;
  bool raw;                       /* bytes instead of frames: what one read returns is a request */
  bool processes;                 /* a process serves each connection; else a thread does */
  uint64_t most;                  /* connections held at once; the others wait in the backlog; 0: any number */
  enum distribution distribution; /* of the delay of an answer */
  uint64_t low_us, high_us;       /* CONSTANT: low; EXPONENTIAL: low is the mean */
  uint64_t seed;
  uint64_t stall_from_ms, stall_ms; /* from the first connection; nothing is answered for so long */
  uint64_t cpu_us;                  /* of each exchange */
  enum burner burner;
  uint64_t cold_us; /* CPU time spent once, on the first exchange */
  uint64_t memory_bytes, parent_bytes;
  enum corruption corruption;
  uint64_t lose, corrupt, fail; /* every k-th connection or answer; 0: none */
};

/* At most so many delays are kept; the memory is only there once it is used. */
enum { MOST_DELAYS = 1 << 21 };

/* What was done, shared with all processes. Times in ns. */
struct done {
  _Atomic int64_t first_ns; /* of the clock, when the first connection came; 0: none has */
  _Atomic uint64_t accepted, lost, most_held;
  _Atomic uint64_t exchanges, corrupted, failed;
  _Atomic uint64_t orphan_cpu_ns, cold_cpu_ns, stalled_ns;
  _Atomic uint64_t touched_bytes; /* of all connections */
  _Atomic uint64_t private_bytes, private_of; /* memory of its own that a serving process had, summed, and of how many */
  _Atomic uint32_t delays;
  _Atomic uint32_t delays_us[MOST_DELAYS];
};

extern struct options options;
extern struct done *done;

void options_parse(int argc, char **argv);

int64_t now_ns(void);
void sleep_until(int64_t at_ns);
/* Uses so much CPU time of the calling thread. */
void burn(uint64_t cpu_us);
/* Spends the CPU time of an exchange, by whom the options say; returns when it has been spent. */
void spend(void);

/* Memory that is touched, and so there; NULL for none. */
void *take_memory(uint64_t bytes);
/* Has the process tell how much memory it has that no other has, as the kernel counts it. Takes no memory itself. */
void tell_private_memory(char *room, size_t bytes);

/* Counted from 1 over all connections. */
void serve(int connection, uint64_t number);

#endif
