#include "rings.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "../../process/clock.h"
#include "chat_members.h"

enum { RING_BYTES = 1 << 18 };

/* A worker that has not read for so long while others waited for room in their rings is given up. */
enum { GIVE_UP_MS = 5000 };

enum { PAUSE_NS = 100000 };

struct place {
  _Alignas(128) _Atomic uint64_t head; /* bytes that were ever published here; it never goes back */
  _Atomic uint64_t worker;             /* process and thread id; 0: nobody */
  atomic_bool reads;                   /* its cursors count; false before it is ready, and once it is given up */
  atomic_bool woken;                   /* a signal is on its way, and needs no other */
};

static struct rings {
  _Atomic unsigned places_used;
  struct place places[RING_PLACES];
  _Atomic uint64_t cursors[RING_PLACES][RING_PLACES]; /* of the reader (first) in the ring of the writer */
  uint8_t bytes[RING_PLACES][RING_BYTES];
} *rings;

/* This worker's. */
static _Thread_local int mine = -1;
static _Thread_local sigset_t waiting;

static void ignore(int signal) { (void)signal; }

bool rings_prepare(void) {
  /* Address space for all that there might ever be; only what is written to becomes memory. */
  void *memory = mmap(NULL, sizeof *rings, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return false;
  rings = memory;
  struct sigaction action = {.sa_handler = ignore};
  return sigaction(SIGUSR1, &action, NULL) == 0;
}

const sigset_t *rings_attend(void) {
  sigset_t wake;
  sigemptyset(&wake);
  sigaddset(&wake, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &wake, &waiting);
  sigdelset(&waiting, SIGUSR1);
  return &waiting;
}

int rings_place(void) { return mine; }

unsigned rings_places_used(void) { return atomic_load(&rings->places_used); }

bool rings_is_free(unsigned place) { return atomic_load(&rings->places[place].worker) == 0; }

bool rings_keep_up(void) { return mine < 0 || atomic_load(&rings->places[mine].reads); }

void rings_pause(void) { nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL); }

/* ------------------------------------------------------------------ reading */

static void copy_in(unsigned place, uint64_t at, const void *bytes, uint32_t length) {
  uint8_t *ring = rings->bytes[place];
  uint32_t start = (uint32_t)(at % RING_BYTES);
  uint32_t first = length < RING_BYTES - start ? length : RING_BYTES - start;
  memcpy(ring + start, bytes, first);
  memcpy(ring, (const uint8_t *)bytes + first, length - first);
}

static void copy_out(unsigned place, uint64_t at, void *bytes, uint32_t length) {
  const uint8_t *ring = rings->bytes[place];
  uint32_t start = (uint32_t)(at % RING_BYTES);
  uint32_t first = length < RING_BYTES - start ? length : RING_BYTES - start;
  memcpy(bytes, ring + start, first);
  memcpy((uint8_t *)bytes + first, ring, length - first);
}

void rings_read_from(unsigned place) {
  uint8_t message[RING_MESSAGE_BYTES];
  _Atomic uint64_t *cursor = &rings->cursors[mine][place];
  uint64_t at = atomic_load(cursor);
  uint64_t head = atomic_load(&rings->places[place].head);
  while (at < head) {
    uint32_t length;
    copy_out(place, at, &length, sizeof length);
    copy_out(place, at + sizeof length, message, length);
    at += sizeof length + length;
    atomic_store(cursor, at);
    members_tell(NULL, message, length);
  }
}

void rings_read(void) {
  if (mine < 0) return;
  /* In this order, so that whatever is published after the look at its ring brings another signal. */
  atomic_store(&rings->places[mine].woken, false);
  unsigned used = rings_places_used();
  for (unsigned place = 0; place < used; place++) {
    if ((int)place != mine) rings_read_from(place);
  }
}

/* ------------------------------------------------------------------ waking */

/* 0, or a signal that the worker gets. Returns whether there is such a worker. */
static bool signal_worker(uint64_t worker, int signal) {
  return syscall(SYS_tgkill, (pid_t)(worker >> 32), (pid_t)(uint32_t)worker, signal) == 0 || errno != ESRCH;
}

bool rings_is_dead(unsigned place) {
  uint64_t worker = atomic_load(&rings->places[place].worker);
  return worker != 0 && !signal_worker(worker, 0);
}

static void wake(struct place *place) {
  uint64_t worker = atomic_load(&place->worker);
  if (worker == 0 || atomic_exchange(&place->woken, true)) return;
  /* Another worker may have come to the place since: then it is that one who must not be left asleep. */
  for (uint64_t woken = 0; worker != 0 && worker != woken; worker = atomic_load(&place->worker)) {
    signal_worker(worker, SIGUSR1);
    woken = worker;
  }
}

/* ------------------------------------------------------------------ publishing */

/* The place of a reader that has not read what would be written over; -1 when there is room. */
static int laggard(uint64_t head, uint32_t needed) {
  unsigned used = rings_places_used();
  for (unsigned reader = 0; reader < used; reader++) {
    if ((int)reader == mine || !atomic_load(&rings->places[reader].reads)) continue;
    if (head + needed - atomic_load(&rings->cursors[reader][mine]) > RING_BYTES) return (int)reader;
  }
  return -1;
}

/* Reads while it waits: others may be waiting for this very worker. */
static void wait_for_room(uint64_t head, uint32_t needed) {
  int64_t deadline = NEVER;
  for (int place; (place = laggard(head, needed)) >= 0;) {
    int64_t now = clock_ms();
    if (deadline == NEVER) deadline = now + GIVE_UP_MS;
    if (rings_is_dead((unsigned)place) || now >= deadline) atomic_store(&rings->places[place].reads, false);
    rings_read();
    rings_pause();
  }
}

void rings_publish(const uint8_t *message, uint32_t length) {
  struct place *place = &rings->places[mine];
  uint64_t head = atomic_load_explicit(&place->head, memory_order_relaxed);
  wait_for_room(head, sizeof length + length);
  copy_in((unsigned)mine, head, &length, sizeof length);
  copy_in((unsigned)mine, head + sizeof length, message, length);
  atomic_store(&place->head, head + sizeof length + length);
  unsigned used = rings_places_used();
  for (unsigned reader = 0; reader < used; reader++) {
    if ((int)reader != mine) wake(&rings->places[reader]);
  }
}

/* ------------------------------------------------------------------ coming and going */

bool rings_enter(void) {
  unsigned place = 0;
  while (place < RING_PLACES && !rings_is_free(place)) place++;
  if (place == RING_PLACES) return false;
  struct place *taken = &rings->places[place];
  mine = (int)place;
  atomic_store(&taken->woken, false);
  atomic_store(&taken->worker, (uint64_t)getpid() << 32 | (uint32_t)syscall(SYS_gettid));
  if (place >= rings_places_used()) atomic_store(&rings->places_used, place + 1);
  /* A reader first: what is published from here on is kept, at the price of a short wait behind old cursors. */
  atomic_store(&taken->reads, true);
  unsigned used = rings_places_used();
  for (unsigned writer = 0; writer < used; writer++) {
    atomic_store(&rings->cursors[place][writer], atomic_load(&rings->places[writer].head));
  }
  return true;
}

void rings_leave(unsigned place) {
  atomic_store(&rings->places[place].reads, false);
  atomic_store(&rings->places[place].worker, 0);
  if ((int)place == mine) mine = -1;
}
