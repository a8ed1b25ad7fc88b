#include "signals.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"

struct stopping signals_open(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGCHLD);
  sigprocmask(SIG_BLOCK, &set, NULL);
  int signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
  if (signals < 0) {
    perror("server: signalfd");
    exit(EXIT_FAILURE);
  }
  return (struct stopping){.signals = signals, .deadline = NEVER};
}

bool signals_take(struct stopping *stopping, int listener, unsigned drain_ms) {
  bool child = false;
  struct signalfd_siginfo info;
  while (read(stopping->signals, &info, sizeof info) == sizeof info) {
    if (info.ssi_signo == SIGCHLD) {
      child = true;
    } else if (stopping->asked) {
      stopping->exit_code = 128 + (int)info.ssi_signo;
      stopping->deadline = clock_ms();
    } else {
      stopping->asked = true;
      stopping->deadline = clock_ms() + drain_ms;
      shutdown(listener, SHUT_RDWR);
    }
  }
  return child;
}
