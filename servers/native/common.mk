# What everything written in C here is built with: a C17 compiler on Linux. ROOT is set by who includes it.

OUT ?= $(ROOT)/build/native
CFLAGS ?= -O2
STRICT := -std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -pthread
