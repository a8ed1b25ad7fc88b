#include "chat_name.h"

#include <stddef.h>

#include "../../net/frame.h"
#include "board.h"

/* Control characters, line ends, and invisible characters that join, hide or turn around what stands next to them. */
static const struct range {
  int32_t first, last;
} forbidden[] = {{0x00, 0x1f},     {0x7f, 0x9f},     {0xad, 0xad},     {0x61c, 0x61c},   {0x200b, 0x200f},
                 {0x2028, 0x202e}, {0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xfff9, 0xffff}, {0xe0000, 0xe0fff}};

const char *chat_name_problem(const uint8_t *name, uint32_t length) {
  if (length == 0 || length > BOARD_NAME_BYTES) return "a name takes 1 to 64 bytes";
  uint32_t used = 0;
  for (uint32_t at = 0; at < length; at += used) {
    int32_t code = utf8_next(name + at, length - at, &used);
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
      if (code >= forbidden[i].first && code <= forbidden[i].last) {
        return "a name takes no control or invisible characters";
      }
    }
  }
  return name[0] == ' ' || name[length - 1] == ' ' ? "a name neither starts nor ends with a space" : NULL;
}
