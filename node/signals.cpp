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
  pthread_sigmask(SIG_BLOCK, &set_, nullptr);
}

bool StopSignals::wait(Micros patience) const {
  const timespec span{patience.value / 1'000'000, patience.value % 1'000'000 * 1000};
  return sigtimedwait(&set_, nullptr, &span) > 0;
}

void StopSignals::wait() const {
  while (sigwaitinfo(&set_, nullptr) < 0 && errno == EINTR) {
  }
}

}  // namespace assay::node
