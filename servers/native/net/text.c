#include "text.h"

int32_t utf8_next(const uint8_t *bytes, uint32_t length, uint32_t *used) {
  static const int32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  uint8_t first = bytes[0];
  uint32_t size = first < 0x80 ? 1 : first >> 5 == 6 ? 2 : first >> 4 == 14 ? 3 : first >> 3 == 30 ? 4 : 0;
  if (size == 0 || size > length) return -1;
  int32_t code = size == 1 ? first : first & (0x7f >> size);
  for (uint32_t i = 1; i < size; i++) {
    if (bytes[i] >> 6 != 2) return -1;
    code = code << 6 | (bytes[i] & 0x3f);
  }
  if (code < least[size] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return -1;
  *used = size;
  return code;
}

bool utf8_is_valid(const uint8_t *bytes, uint32_t length) {
  uint32_t used = 0;
  for (uint32_t at = 0; at < length; at += used) {
    if (utf8_next(bytes + at, length - at, &used) < 0) return false;
  }
  return true;
}
