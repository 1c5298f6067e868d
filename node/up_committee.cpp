#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>

#include "config/load.hpp"
#include "core/bytes.hpp"
#include "node/system.hpp"
#include "node/up.hpp"

namespace assay::node {

namespace {

/// Removes what an earlier run left, and nothing else: the folder may be the user's own.
Done clear(const std::filesystem::path& folder) {
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
    const auto leaf = entry.path().filename().string();
    const bool ours = leaf.starts_with("node-") || leaf == "market" || leaf == "network.yaml" || leaf == "group.yaml" ||
                      leaf == "up.json";
    if (ours) {
      std::filesystem::remove_all(entry.path(), failed);
    }
    if (failed) {
      return Error{Errc::io_failed, "cannot clear what an earlier run left in the folder"};
    }
  }
  return Ok{};
}

boost::json::array texts(const std::vector<std::string>& list) {
  boost::json::array out;
  for (const auto& text : list) {
    out.emplace_back(text);
  }
  return out;
}

}  // namespace

Result<std::unique_ptr<UpCommittee>> UpCommittee::start(const UpOptions& options) {
  auto self = std::unique_ptr<UpCommittee>(new UpCommittee);
  std::error_code failed;
  std::filesystem::create_directories(options.folder, failed);
  self->folder_ = std::filesystem::canonical(options.folder, failed);
  if (failed) {
    return Error{Errc::io_failed, "cannot create the folder"};
  }
  self->lock_ = open((self->folder_ / "up.lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644);
  if (self->lock_ < 0 || flock(self->lock_, LOCK_EX | LOCK_NB) != 0) {
    return Error{Errc::locked, "another `assay up` runs in this folder; choose one with --dir"};
  }
  if (const auto done = clear(self->folder_); !done) {
    return done.error();
  }
  SystemEntropy entropy;
  auto dealt = deal_network(self->folder_, options.nodes, "demo", millis(options.tick_ms), entropy);
  if (!dealt) {
    return dealt.error();
  }
  self->dealt_ = std::move(*dealt);
  const auto ports = free_ports(1 + 2 * std::size_t{options.nodes});
  if (!ports) {
    return ports.error();
  }
  for (std::uint16_t i = 0; i < options.nodes; ++i) {
    self->nodes_.push_back({.id = MemberIndex{i},
                            .folder = self->folder_ / fmt::format("node-{}", i),
                            .peer_listen = fmt::format("127.0.0.1:{}", (*ports)[1 + i]),
                            .http_listen = fmt::format("127.0.0.1:{}", (*ports)[1U + options.nodes + i])});
  }
  if (const auto done = self->start_market(ports->front()); !done) {
    return done.error();
  }
  if (const auto done = self->start_nodes(options); !done) {
    return done.error();
  }
  return self;
}

Done UpCommittee::start_market(std::uint16_t port) {
  const auto folder = folder_ / "market";
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  market_url_ = fmt::format("https://localhost:{}", port);
  market_ = {
      .rest_base = market_url_, .ws_base = fmt::format("wss://localhost:{}", port), .ca_file = folder / "ca.pem"};
  auto& process = market_process_;
  process.cwd = folder_;
  process.argv = {own_executable().string(), "market", "--port", std::to_string(port), "--dir", folder.string()};
  const auto pid = spawn(process.argv, process.cwd, folder / "log");
  if (!pid) {
    return pid.error();
  }
  process.pid = *pid;
  return Ok{};
}

Done UpCommittee::start_nodes(const UpOptions& options) {
  for (const auto& node : nodes_) {
    const auto file = node.folder / "node.yaml";
    auto settings = demo_node(node, nodes_, dealt_.network, market_);
    if (node.id == MemberIndex{0} && !options.postgres_url.empty()) {
      settings.postgres_url = options.postgres_url;
    }
    if (const auto done = config::write_text(file, config::emit_node(settings)); !done) {
      return done.error();
    }
    UpProcess process;
    process.cwd = node.folder;
    process.argv = {own_executable().string(),           "run",    "--network",
                    (folder_ / "network.yaml").string(), "--node", file.string()};
    const auto pid = spawn(process.argv, process.cwd, node.folder / "log");
    if (!pid) {
      return pid.error();
    }
    process.pid = *pid;
    node_processes_.push_back(std::move(process));
  }
  return Ok{};
}

UpCommittee::~UpCommittee() {
  end();
  if (lock_ >= 0) {
    close(lock_);
  }
}

void UpCommittee::end() {
  std::vector<pid_t> pids;
  for (const auto& process : node_processes_) {
    pids.push_back(process.pid);
  }
  for (const auto& node : nodes_) {
    if (const auto restarted = running_instance(node.folder / "pid", node.folder)) {
      if (std::find(pids.begin(), pids.end(), *restarted) == pids.end()) {
        pids.push_back(*restarted);
      }
    }
  }
  end_processes(pids);
  end_processes({market_process_.pid});
  std::error_code ignored;
  std::filesystem::remove(folder_ / "up.json", ignored);
}

Done UpCommittee::announce() const {
  boost::json::array nodes;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const auto& node = nodes_[i];
    const auto& process = node_processes_[i];
    nodes.push_back(boost::json::object{{"id", node.id.value},
                                        {"pid", process.pid},
                                        {"argv", texts(process.argv)},
                                        {"cwd", process.cwd.string()},
                                        {"dir", node.folder.string()},
                                        {"node_file", (node.folder / "node.yaml").string()},
                                        {"peer", node.peer_listen},
                                        {"http", "http://" + node.http_listen},
                                        {"ledger", (node.folder / "ledger.sqlite").string()}});
  }
  const boost::json::object document{
      {"group_key", to_hex(dealt_.record.group_key.bytes)},
      {"network_id", to_hex(network().value.bytes)},
      {"network_file", (folder_ / "network.yaml").string()},
      {"market", {{"pid", market_process_.pid}, {"url", market_url_}, {"ca", market_.ca_file.string()}}},
      {"nodes", std::move(nodes)}};
  return config::write_text(folder_ / "up.json", boost::json::serialize(document) + "\n");
}

NetworkId UpCommittee::network() const {
  return threshold::network_id(dealt_.record.group_key, dealt_.network.name);
}

std::vector<std::string> UpCommittee::stream_urls() const {
  std::vector<std::string> urls;
  for (const auto& node : nodes_) {
    urls.push_back("ws://" + node.http_listen + "/v1/stream");
  }
  return urls;
}

std::vector<std::filesystem::path> UpCommittee::ledgers() const {
  std::vector<std::filesystem::path> files;
  for (const auto& node : nodes_) {
    files.push_back(node.folder / "ledger.sqlite");
  }
  return files;
}

bool UpCommittee::is_node_running(std::size_t node) const {
  return is_running(node_processes_[node].pid) ||
         running_instance(nodes_[node].folder / "pid", nodes_[node].folder).has_value();
}

}  // namespace assay::node
