#include "board.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#include "../../net/frame.h"
#include "../../process/clock.h"
#include "rings.h"

enum { NAMES = 32768 };

/* How often a worker looks whether others have died. */
enum { LOOK_MS = 400 };

/* All under the mutex but the counts. */
static struct board {
  pthread_mutex_t mutex;
  unsigned names_used; /* none beyond was ever taken */
  unsigned held[RING_PLACES];
  struct name names[NAMES];
} *board;

bool board_prepare(void) {
  void *memory = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return false;
  board = memory;
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&board->mutex, &attributes);
  return rings_prepare();
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

/* An event tells a number (unless it is the joining one), the name, and what stands behind it. */
static void announce(const struct member *except, uint16_t method, const struct name *name, uint32_t number,
                     const uint8_t *rest, uint32_t rest_length) {
  uint8_t event[RING_MESSAGE_BYTES];
  struct buffer out = {.bytes = event, .capacity = sizeof event};
  uint32_t numbered = method == HF_METHOD_CHAT_JOIN ? 0 : 4;
  uint8_t *body = frame_begin(&out, HF_KIND_EVENT, method, 0, numbered + 4 + name->length + rest_length);
  if (numbered > 0) write_u32(body, number);
  write_u32(body + numbered, name->length);
  memcpy(body + numbered + 4, name->bytes, name->length);
  if (rest_length > 0) memcpy(body + numbered + 4 + name->length, rest, rest_length);
  members_tell(except, event, (uint32_t)buffer_length(&out));
  rings_publish(event, (uint32_t)buffer_length(&out));
}

static void announce_leave(const struct name *name, bool abrupt) {
  uint8_t flag[4] = {0, 0, 0, abrupt};
  announce(NULL, HF_METHOD_CHAT_LEAVE, name, atomic_load(&name->said), flag, sizeof flag);
}

/* Announces and frees all names of a worker that died. */
static void remove_worker(unsigned place) {
  for (unsigned number = 0; number < board->names_used; number++) {
    struct name *name = &board->names[number];
    if (name->place != place + 1) continue;
    announce_leave(name, true);
    name->place = 0;
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

/* The names that are held, up to BOARD_NAMES_LISTED. Returns whether this one is among all. */
static bool list_names(const uint8_t *name, uint32_t length, struct buffer *list, uint32_t *held) {
  bool taken = false;
  *held = 0;
  for (unsigned number = 0; number < board->names_used; number++) {
    const struct name *other = &board->names[number];
    if (other->place == 0) continue;
    taken = taken || (other->length == length && memcmp(other->bytes, name, length) == 0);
    if ((*held)++ >= BOARD_NAMES_LISTED) continue;
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

struct name *board_claim(const uint8_t *bytes, uint32_t length, struct buffer *others, uint32_t *held, bool *taken) {
  struct name *name = NULL;
  *taken = false;
  lock();
  if (rings_place() >= 0 || rings_enter()) {
    remove_dead_workers();
    /* Names change under the mutex only, so nobody who joins hears afterwards of a change that the list already has. */
    rings_read();
    *taken = list_names(bytes, length, others, held);
    if (!*taken) name = free_name();
    if (name) {
      memcpy(name->bytes, bytes, length);
      name->length = length;
      atomic_store(&name->said, 0);
      name->place = (uint32_t)rings_place() + 1;
      board->held[rings_place()]++;
      announce(NULL, HF_METHOD_CHAT_JOIN, name, 0, NULL, 0);
    }
    leave_if_nameless();
  }
  unlock();
  return name;
}

uint32_t board_say(const struct member *member, const uint8_t *field, uint32_t length) {
  uint32_t number = atomic_load(&member->name->said) + 1;
  announce(member, HF_METHOD_CHAT_SAY, member->name, number, field, length);
  atomic_store(&member->name->said, number);
  return number;
}

void board_release(struct name *name, bool abrupt) {
  lock();
  announce_leave(name, abrupt);
  name->place = 0;
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
