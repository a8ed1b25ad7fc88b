#include "board.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#include "../../process/clock.h"

enum { NAMES = 32768 };

/* How often a worker looks whether others have died. */
enum { LOOK_MS = 400 };

struct name {
  uint32_t place; /* its holder's, counted from 1; 0: free */
  uint32_t length;
  uint8_t bytes[BOARD_NAME_BYTES];
  _Atomic uint32_t count;
};

/* All under the mutex but the counts. */
static struct board {
  pthread_mutex_t mutex;
  unsigned names_used; /* none beyond was ever taken */
  unsigned held[RING_PLACES];
  struct name names[NAMES];
} *board;

static const struct board_listener *listener;

bool board_prepare(const struct board_listener *service) {
  void *memory = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return false;
  board = memory;
  listener = service;
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&board->mutex, &attributes);
  return rings_prepare(service->heard);
}

/* Reads while it waits: the holder may be waiting for room in its ring. */
static void lock(void) {
  int error;
  while ((error = pthread_mutex_trylock(&board->mutex)) == EBUSY) {
    rings_read();
    rings_pause();
  }
  /* An entry is filled in before it is taken, so one that dies in between leaves nothing behind that matters. */
  if (error == EOWNERDEAD) pthread_mutex_consistent(&board->mutex);
}

static void unlock(void) { pthread_mutex_unlock(&board->mutex); }

static struct name *free_name(void) {
  for (unsigned number = 0; number < NAMES; number++) {
    struct name *name = &board->names[number];
    if (name->place != 0) continue;
    if (number >= board->names_used) board->names_used = number + 1;
    return name;
  }
  return NULL;
}

/* Announces and frees all names of a worker that died. */
static void remove_worker(unsigned place) {
  uint8_t message[RING_MESSAGE_BYTES];
  for (unsigned number = 0; number < board->names_used; number++) {
    struct name *name = &board->names[number];
    if (name->place != place + 1) continue;
    uint32_t length = listener->departure(name->bytes, name->length, atomic_load(&name->count), message);
    name->place = 0;
    rings_publish(message, length);
    listener->heard(message, length);
  }
  board->held[place] = 0;
  rings_leave(place);
}

/* Under the mutex, with a place of one's own. What the dead had published comes before their departures. */
static void remove_dead_workers(void) {
  unsigned used = rings_places_used();
  for (unsigned place = 0; place < used; place++) {
    if ((int)place == rings_place() || !rings_is_dead(place)) continue;
    rings_read_from(place);
    remove_worker(place);
  }
}

/* The names that are held, up to most of them. Returns whether this one is among all. */
static bool list_names(const uint8_t *name, uint32_t length, struct buffer *list, unsigned most, uint32_t *held) {
  bool taken = false;
  *held = 0;
  for (unsigned number = 0; number < board->names_used; number++) {
    const struct name *other = &board->names[number];
    if (other->place == 0) continue;
    taken = taken || (other->length == length && memcmp(other->bytes, name, length) == 0);
    if ((*held)++ >= most) continue;
    uint8_t prefix[4] = {0, 0, 0, (uint8_t)other->length};
    buffer_append(list, prefix, sizeof prefix);
    buffer_append(list, other->bytes, other->length);
  }
  return taken;
}

static void leave_if_nameless(void) {
  int place = rings_place();
  if (board->held[place] == 0) rings_leave((unsigned)place);
}

int board_claim(const uint8_t *name, uint32_t length, const uint8_t *message, uint32_t message_length,
                struct buffer *others, unsigned most, uint32_t *held) {
  lock();
  if (rings_place() < 0 && !rings_enter()) {
    unlock();
    return BOARD_FULL;
  }
  remove_dead_workers();
  /* Names change under the mutex only, so nobody who joins hears afterwards of a change that the list already has. */
  rings_read();
  bool taken = list_names(name, length, others, most, held);
  struct name *entry = taken ? NULL : free_name();
  if (entry) {
    memcpy(entry->bytes, name, length);
    entry->length = length;
    atomic_store(&entry->count, 0);
    entry->place = (uint32_t)rings_place() + 1;
    board->held[rings_place()]++;
    rings_publish(message, message_length);
  }
  leave_if_nameless();
  unlock();
  return entry ? (int)(entry - board->names) : taken ? BOARD_TAKEN : BOARD_FULL;
}

void board_publish(int number, uint32_t count, const uint8_t *message, uint32_t length) {
  rings_publish(message, length);
  atomic_store(&board->names[number].count, count);
}

void board_release(int number, const uint8_t *message, uint32_t length) {
  lock();
  rings_publish(message, length);
  board->names[number].place = 0;
  board->held[rings_place()]--;
  leave_if_nameless();
  unlock();
}

/* Of the workers that live, the first looks after all others; each looks whether it is the first. */
static void look_after_others(void) {
  static _Thread_local int64_t looked_ms;
  int64_t now = clock_ms();
  if (now - looked_ms < LOOK_MS) return;
  looked_ms = now;
  unsigned used = rings_places_used();
  bool somebody_died = false;
  for (unsigned place = 0; place < used; place++) {
    if ((int)place == rings_place() || rings_is_free(place)) continue;
    bool dead = rings_is_dead(place);
    somebody_died = somebody_died || dead;
    if ((int)place < rings_place() && !dead) break;
  }
  if (!somebody_died) return;
  lock();
  remove_dead_workers();
  unlock();
}

bool board_read(void) {
  if (rings_place() < 0) return true;
  look_after_others();
  rings_read();
  return rings_keep_up();
}
