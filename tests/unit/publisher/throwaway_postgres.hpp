#pragma once
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace assay::publisher::test {

/// A PostgreSQL of the test's own: data under /var/tmp, no TCP port, reached through a socket in its folder. As root it
/// runs as the user postgres, which is the only way it runs at all.
class ThrowawayPostgres {
 public:
  static constexpr const char* programs = "/usr/lib/postgresql/15/bin/";
  static bool installed() { return std::filesystem::exists(std::string(programs) + "initdb"); }

  ThrowawayPostgres() {
    std::string pattern = "/var/tmp/assay-audit-XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) std::abort();
    folder_ = pattern;
    if (geteuid() == 0) (void)shell("chown postgres " + folder_);
    made_ = shell(as_server() + programs + "initdb -D " + folder_ + "/data -A trust -U postgres --no-sync") && start();
  }
  ThrowawayPostgres(const ThrowawayPostgres&) = delete;
  ThrowawayPostgres& operator=(const ThrowawayPostgres&) = delete;
  ~ThrowawayPostgres() {
    kill();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  [[nodiscard]] bool made() const { return made_; }
  bool start() {
    return shell(as_server() + programs + "pg_ctl -D " + folder_ + "/data -w -l " + folder_ + "/log -o \"-k " +
                 folder_ + " -c listen_addresses='' -c fsync=off\" start");
  }
  /// As if it had crashed: no checkpoint, sessions cut off, recovery at the next start.
  bool kill() { return shell(as_server() + programs + "pg_ctl -D " + folder_ + "/data -w -m immediate stop"); }

  [[nodiscard]] std::string url(const std::string& database = "postgres") const {
    return "host=" + folder_ + " user=postgres dbname=" + database;
  }

 private:
  static std::string as_server() { return geteuid() == 0 ? "cd / && runuser -u postgres -- " : ""; }
  static bool shell(const std::string& command) { return std::system((command + " >/dev/null 2>&1").c_str()) == 0; }

  std::string folder_;
  bool made_ = false;
};

}  // namespace assay::publisher::test
