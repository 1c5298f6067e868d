#include "node/signals.hpp"

#include <cerrno>

namespace assay::node {

StopSignals::StopSignals() {
  signal(SIGPIPE, SIG_IGN);  // a peer that is gone is an error of write()
  signal(SIGXFSZ, SIG_IGN);  // and so is a file that may not grow
  sigemptyset(&set_);
  sigaddset(&set_, SIGINT);
  sigaddset(&set_, SIGTERM);
  sigaddset(&set_, SIGHUP);
  sigset_t all = set_;
  sigaddset(&all, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

bool StopSignals::wait(Micros patience) const {
  const timespec span{patience.value / 1'000'000, patience.value % 1'000'000 * 1000};
  return sigtimedwait(&set_, nullptr, &span) > 0;
}

StopSignals::Why StopSignals::wait() const {
  sigset_t both = set_;
  sigaddset(&both, SIGUSR1);
  int signal = 0;
  while ((signal = sigwaitinfo(&both, nullptr)) < 0 && errno == EINTR) {
  }
  return signal == SIGUSR1 ? Why::woken : Why::stop;
}

}  // namespace assay::node
