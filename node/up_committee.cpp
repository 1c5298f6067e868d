#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <string_view>

#include "config/load.hpp"
#include "core/bytes.hpp"
#include "node/ceremony/demo_ceremony.hpp"
#include "node/pid_file.hpp"
#include "node/system.hpp"
#include "node/up.hpp"

namespace assay::node {

namespace {

constexpr std::string_view marker = "assay up: this folder and what it writes here may be cleared by the next one\n";
constexpr auto marker_name = "up.lock";

/// What `up` writes, and the next `up` in the same folder removes.
bool is_of_ours(const std::string& name) {
  return name.starts_with("node-") || name == "market" || name == "network.yaml" || name == "group.yaml" ||
         name == "ceremony.yaml" || name == "up.json";
}

std::vector<std::filesystem::path> files_of_ours(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> found;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
    if (is_of_ours(entry.path().filename().string())) {
      found.push_back(entry.path());
    }
  }
  return found;
}

/// Ends nodes of an earlier run that somebody restarted by hand and that outlived it, then removes its files.
Done clear(const std::vector<std::filesystem::path>& files) {
  std::vector<pid_t> orphans;
  for (const auto& file : files) {
    if (const auto pid = PidFile::holder(file / "pid")) {
      orphans.push_back(*pid);
    }
  }
  end_processes(orphans);
  for (const auto& file : files) {
    std::error_code failed;
    std::filesystem::remove_all(file, failed);
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

Done UpCommittee::take_folder(const std::string& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  folder_ = std::filesystem::canonical(folder, failed);
  if (failed) {
    return Error{Errc::io_failed, "cannot create the folder"};
  }
  const auto mark = folder_ / marker_name;
  const auto files = files_of_ours(folder_);
  std::ifstream in(mark);
  if (std::string text; !files.empty() && !(std::getline(in, text) && marker.starts_with(text) && !text.empty())) {
    return Error{Errc::locked,
                 "the folder holds node-*, market, network.yaml or group.yaml of somebody else, which "
                 "`assay up` would overwrite; choose an empty folder with --dir"};
  }
  const int lock = open(mark.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644);
  if (lock < 0) {
    return Error{Errc::io_failed, "cannot write into the folder"};
  }
  if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
    close(lock);
    return Error{Errc::locked, "another `assay up` runs in this folder; choose one with --dir"};
  }
  lock_ = lock;
  if (pwrite(lock_, marker.data(), marker.size(), 0) != static_cast<ssize_t>(marker.size())) {
    return Error{Errc::io_failed, "cannot write into the folder"};
  }
  return clear(files);
}

Result<std::unique_ptr<UpCommittee>> UpCommittee::start(const UpOptions& options) {
  if (const auto quorum = threshold::Quorum::of(options.nodes); !quorum) {
    return quorum.error();
  }
  auto self = std::unique_ptr<UpCommittee>(new UpCommittee);
  if (const auto taken = self->take_folder(options.folder); !taken) {
    return taken.error();
  }
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
  SystemEntropy entropy;
  auto made = generate_network(self->folder_, self->nodes_, "demo", millis(options.tick_ms), options.policy, entropy);
  if (!made) {
    return made.error();
  }
  self->demo_ = std::move(*made);
  if (const auto done = self->start_market(ports->front(), options.scenario); !done) {
    return done.error();
  }
  if (const auto done = self->start_nodes(options); !done) {
    return done.error();
  }
  return self;
}

Done UpCommittee::start_market(std::uint16_t port, const std::filesystem::path& scenario) {
  const auto folder = folder_ / "market";
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  market_url_ = fmt::format("https://localhost:{}", port);
  market_ = {
      .rest_base = market_url_, .ws_base = fmt::format("wss://localhost:{}", port), .ca_file = folder / "ca.pem"};
  std::vector<std::string> arguments{own_executable().string(),
                                     "market",
                                     "--port",
                                     std::to_string(port),
                                     "--dir",
                                     folder.string(),
                                     "--network",
                                     (folder_ / "network.yaml").string()};
  if (!scenario.empty()) {
    arguments.insert(arguments.end(), {"--scenario", scenario.string()});
  }
  auto started = Child::start(arguments, folder_, folder / "log");
  if (!started) {
    return started.error();
  }
  market_process_ = std::move(*started);
  // The nodes refuse to start without the roots they are to trust; the key is what the market writes last.
  while (!std::filesystem::exists(folder / "server.key", failed)) {
    if (!market_process_->is_running()) {
      return Error{Errc::io_failed, "the market starts"};
    }
    poll(nullptr, 0, 10);
  }
  return Ok{};
}

Done UpCommittee::start_nodes(const UpOptions& options) {
  for (const auto& node : nodes_) {
    const auto file = node.folder / "node.yaml";
    auto settings = demo_node(node, nodes_, demo_.network, market_);
    if (node.id == MemberIndex{0} && !options.postgres_url.empty()) {
      settings.postgres_url = options.postgres_url;
    }
    if (const auto done = config::write_text(file, config::emit_node(settings)); !done) {
      return done.error();
    }
    auto started = Child::start(
        {own_executable().string(), "run", "--network", (folder_ / "network.yaml").string(), "--node", file.string()},
        node.folder, node.folder / "log");
    if (!started) {
      return started.error();
    }
    node_processes_.push_back(std::move(*started));
  }
  return Ok{};
}

UpCommittee::~UpCommittee() {
  if (lock_ >= 0) {
    end();
    close(lock_);
  }
}

void UpCommittee::end() {
  std::vector<pid_t> nodes;
  for (std::size_t i = 0; i < node_processes_.size(); ++i) {
    if (node_processes_[i].is_running()) {
      nodes.push_back(node_processes_[i].pid());
    } else if (const auto restarted = PidFile::holder(nodes_[i].folder / "pid")) {
      nodes.push_back(*restarted);
    }
  }
  end_processes(nodes);
  if (market_process_ && market_process_->is_running()) {
    end_processes({market_process_->pid()});
  }
  std::error_code ignored;
  std::filesystem::remove(folder_ / "up.json", ignored);
}

Done UpCommittee::announce() const {
  boost::json::array nodes;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const auto& node = nodes_[i];
    const auto& process = node_processes_[i];
    nodes.push_back(boost::json::object{{"id", node.id.value},
                                        {"pid", process.pid()},
                                        {"argv", texts(process.argv())},
                                        {"cwd", process.cwd().string()},
                                        {"dir", node.folder.string()},
                                        {"node_file", (node.folder / "node.yaml").string()},
                                        {"peer", node.peer_listen},
                                        {"http", "http://" + node.http_listen},
                                        {"ledger", (node.folder / "ledger.sqlite").string()}});
  }
  const boost::json::object document{
      {"group_key", to_hex(demo_.record.group_key.bytes)},
      {"network_id", to_hex(network().value.bytes)},
      {"network_file", (folder_ / "network.yaml").string()},
      {"market", {{"pid", market_process_->pid()}, {"url", market_url_}, {"ca", market_.ca_file.string()}}},
      {"nodes", std::move(nodes)}};
  return config::write_text(folder_ / "up.json", boost::json::serialize(document) + "\n");
}

NetworkId UpCommittee::network() const {
  return threshold::network_id(demo_.record.group_key, demo_.network.name);
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

bool UpCommittee::is_node_running(std::size_t node) {
  return node_processes_[node].is_running() || PidFile::holder(nodes_[node].folder / "pid").has_value();
}

}  // namespace assay::node
