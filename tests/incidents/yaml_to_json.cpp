#include <yaml-cpp/yaml.h>

#include <boost/json.hpp>
#include <iostream>

// yaml_to_json FILE: the document as JSON, every scalar as a string. The incident tests are Python without packages of
// its own; this is how they read YAML with the same library as the node.
namespace {

namespace json = boost::json;

json::value plain(const YAML::Node& node) {
  if (node.IsMap()) {
    json::object out;
    for (const auto& entry : node) out[entry.first.as<std::string>()] = plain(entry.second);
    return out;
  }
  if (node.IsSequence()) {
    json::array out;
    for (const auto& item : node) out.push_back(plain(item));
    return out;
  }
  if (!node.IsDefined() || node.IsNull()) return nullptr;
  return json::string(node.as<std::string>());
}

}  // namespace

int main(int count, char** words) {
  if (count != 2) {
    std::cerr << "usage: yaml_to_json FILE\n";
    return 2;
  }
  try {
    std::cout << json::serialize(plain(YAML::LoadFile(words[1]))) << '\n';
  } catch (const YAML::Exception& error) {
    std::cerr << words[1] << ": " << error.what() << '\n';
    return 1;
  }
}
