/* One connection: its memory, and each exchange with its delay, its CPU time and its faults. */
#include <arpa/inet.h>
#include <math.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "known.h"

/* docs/servers/wire.md. */
enum { HEADER = 12, KIND = 5, METHOD = 6, REPLY = 2, ERROR = 4, INTERNAL = 8, OPEN = 16, CLOSE = 18, PAYLOAD = HEADER + 4 };

enum { BUFFER_BYTES = 16384 };

static uint64_t every(uint64_t k, uint64_t number) { return k > 0 && number % k == 0; }

/* SplitMix64 (Steele, Lea, Flood, 2014): the delays of the n-th connection are the same in every run of one seed. */
static double next_random(uint64_t *state) {
  uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return (double)((z ^ z >> 31) >> 11) / 9007199254740992.0;
}

static uint64_t next_delay_us(uint64_t *state) {
  if (options.distribution == CONSTANT) return options.low_us;
  double random = next_random(state);
  if (options.distribution == EXPONENTIAL) return (uint64_t)(-log1p(-random) * (double)options.low_us);
  return options.low_us + (uint64_t)(random * (double)(options.high_us - options.low_us));
}

/* Waits out the stall where it is under way. */
static void stall(void) {
  int64_t from = atomic_load(&done->first_ns) + (int64_t)options.stall_from_ms * 1000000;
  int64_t until = from + (int64_t)options.stall_ms * 1000000;
  int64_t now = now_ns();
  if (options.stall_ms == 0 || now < from || now >= until) return;
  sleep_until(until);
  /* Who waits longest tells how long nothing was answered. */
  uint64_t stalled = (uint64_t)(now_ns() - from), known = atomic_load(&done->stalled_ns);
  while (stalled > known && !atomic_compare_exchange_weak(&done->stalled_ns, &known, stalled)) continue;
}

static void keep_delay(int64_t received_ns) {
  uint32_t at = atomic_fetch_add(&done->delays, 1);
  if (at < MOST_DELAYS) done->delays_us[at] = (uint32_t)((now_ns() - received_ns) / 1000);
}

/* The next request, whole; its bytes, or 0 at the end of the connection. */
static size_t receive(int connection, uint8_t *buffer) {
  if (options.raw) {
    ssize_t got = recv(connection, buffer, BUFFER_BYTES, 0);
    return got > 0 ? (size_t)got : 0;
  }
  uint32_t length;
  if (recv(connection, buffer, HEADER, MSG_WAITALL) != HEADER) return 0;
  memcpy(&length, buffer, sizeof length);
  size_t rest = ntohl(length) - (HEADER - 4);
  if (rest > BUFFER_BYTES - HEADER) return 0;
  if (rest > 0 && recv(connection, buffer + HEADER, rest, MSG_WAITALL) != (ssize_t)rest) return 0;
  return HEADER + rest;
}

static size_t put_body(uint8_t *frame, uint32_t first, uint32_t bytes) {
  uint32_t fields[] = {htonl(first), 0}, length = htonl(HEADER - 4 + bytes);
  memcpy(frame, &length, sizeof length);
  memcpy(frame + HEADER, fields, bytes);
  return HEADER + bytes;
}

/* Makes a request its answer, in place. Opening and closing a session are answered and nothing else. */
static size_t answer(uint8_t *frame, size_t size, uint32_t exchanges, bool *is_exchange) {
  if (options.raw) return size;
  frame[KIND] = REPLY;
  *is_exchange = frame[METHOD + 1] != OPEN && frame[METHOD + 1] != CLOSE;
  if (*is_exchange) return size;
  return put_body(frame, frame[METHOD + 1] == OPEN ? 0 : exchanges, 4);
}

/* Half of the payload, well framed. */
static size_t halve(uint8_t *frame, size_t size) {
  uint32_t half = (uint32_t)(size - PAYLOAD) / 2, length = htonl(PAYLOAD - 4 + half), bytes = htonl(half);
  memcpy(frame, &length, sizeof length);
  memcpy(frame + HEADER, &bytes, sizeof bytes);
  return PAYLOAD + half;
}

/* Puts the last payload of another connection in its place; false where there is none of that size. */
static bool give_strangers(int connection, uint8_t *frame, size_t size, bool wanted) {
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  static uint8_t last[BUFFER_BYTES];
  static size_t last_size;
  static int last_of;
  pthread_mutex_lock(&lock);
  bool given = wanted && last_size == size && last_of != connection;
  if (given) memcpy(frame + PAYLOAD, last + PAYLOAD, size - PAYLOAD);
  if (!given) {
    memcpy(last, frame, size);
    last_size = size;
    last_of = connection;
  }
  pthread_mutex_unlock(&lock);
  return given;
}

/* Makes the answer wrong where it is its turn; its bytes. */
static size_t corrupt(int connection, uint64_t number, uint8_t *bytes, size_t size) {
  bool wrong = every(options.corrupt, number);
  if (options.corruption == STRANGER) wrong = give_strangers(connection, bytes, size, wrong);
  else if (wrong && options.corruption == BIT) bytes[size - 1] ^= 1;
  else if (wrong) size = halve(bytes, size);
  if (wrong) atomic_fetch_add(&done->corrupted, 1);
  return size;
}

/* An exchange with all that is done to it; the bytes of the answer. */
static size_t exchange(int connection, uint8_t *bytes, size_t size, uint64_t *random) {
  uint64_t number = atomic_fetch_add(&done->exchanges, 1) + 1;
  int64_t received_ns = now_ns();
  stall();
  if (number == 1 && options.cold_us > 0) {
    burn(options.cold_us);
    atomic_fetch_add(&done->cold_cpu_ns, options.cold_us * 1000);
  }
  spend();
  if (options.high_us > 0) {
    sleep_until(received_ns + (int64_t)next_delay_us(random) * 1000);
    keep_delay(received_ns);
  }
  if (every(options.fail, number) && !options.raw) {
    atomic_fetch_add(&done->failed, 1);
    bytes[KIND] = ERROR;
    return put_body(bytes, INTERNAL, 8);
  }
  return options.corrupt > 0 ? corrupt(connection, number, bytes, size) : size;
}

void serve(int connection, uint64_t number) {
  if (every(options.lose, number)) {
    /* Closed with a reset: whatever is on its way is thrown away. */
    struct linger at_once = {.l_onoff = 1};
    setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    atomic_fetch_add(&done->lost, 1);
    close(connection);
    return;
  }
  uint8_t buffer[BUFFER_BYTES];
  uint64_t random = options.seed + number;
  void *memory = take_memory(options.memory_bytes);
  atomic_fetch_add(&done->touched_bytes, options.memory_bytes);
  uint32_t exchanges = 0;
  for (size_t size; (size = receive(connection, buffer)) > 0;) {
    bool is_exchange = true;
    size = answer(buffer, size, exchanges, &is_exchange);
    if (is_exchange) {
      size = exchange(connection, buffer, size, &random);
      exchanges++;
    }
    if (send(connection, buffer, size, MSG_NOSIGNAL) != (ssize_t)size) break;
  }
  if (options.processes && options.parent_bytes > 0) tell_private_memory((char *)buffer, sizeof buffer);
  if (memory) munmap(memory, options.memory_bytes);
  close(connection);
}
