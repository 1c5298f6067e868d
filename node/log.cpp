#include "node/log.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <map>
#include <string>

namespace assay::node {

void start_log(std::string_view who) {
  auto logger = spdlog::stderr_logger_mt(std::string(who));
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%fZ %l %n %v", spdlog::pattern_time_type::utc);
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

void log_info(std::string_view text) {
  spdlog::info("{}", text);
}
void log_warning(std::string_view text) {
  spdlog::warn("{}", text);
}
void log_error(std::string_view text) {
  spdlog::error("{}", text);
}

void log_note(const threshold::Note& note, MonoTime now) {
  struct Recent {
    MonoTime printed{INT64_MIN / 2};
    std::uint64_t suppressed = 0;
  };
  thread_local std::map<Errc, Recent> recent;
  auto& last = recent[note.code];
  if (now - last.printed < millis(1000)) {
    ++last.suppressed;
    return;
  }
  const auto repeats = last.suppressed == 0 ? std::string{} : fmt::format(" (and {} more like it)", last.suppressed);
  spdlog::info("{} member={} view={} height={}: {}{}", name(note.code), note.member.value, note.view.value,
               note.height.value, note.what, repeats);
  last = {now, 0};
}

void log_accusation(const threshold::evidence::Verdict& verdict) {
  spdlog::error("evidence against member {}: {}: {} (epoch {} view {} height {})", verdict.member.value,
                threshold::evidence::name(verdict.kind), verdict.what, verdict.epoch.value, verdict.view.value,
                verdict.height.value);
}

}  // namespace assay::node
