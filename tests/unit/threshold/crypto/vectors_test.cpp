#include "threshold/crypto/vectors.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <string>

#include "core/bytes.hpp"

namespace assay::threshold {
namespace {

namespace json = boost::json;

const json::value& rfc_file() {
  static const json::value document = [] {
    std::ifstream in(ASSAY_SOURCE_DIR "/tests/vectors/rfc9591-ed25519.json");
    return json::parse(std::string(std::istreambuf_iterator<char>(in), {}));
  }();
  return document;
}

VectorReport check(const json::value& document) {
  return check_vectors(json::serialize(document));
}

/// Visits every value below `at`; `visit` may change it as long as it puts it back. Fields that only tell where a
/// vector comes from begin with an underscore.
void walk(json::value& at, const std::string& path,
          const std::function<void(json::value&, const std::string&)>& visit) {
  visit(at, path);
  if (auto* object = at.if_object()) {
    for (auto& [key, value] : *object) {
      if (!key.starts_with('_')) walk(value, path + "." + std::string(key), visit);
    }
  } else if (auto* array = at.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) walk((*array)[i], path + "[" + std::to_string(i) + "]", visit);
  }
}

bool is_hex(const json::value& value) {
  const auto* text = value.if_string();
  return text != nullptr && static_cast<bool>(from_hex(std::string_view(text->data(), text->size())));
}

TEST(Vectors, the_rfc_file_passes_whole) {
  const auto report = check(rfc_file());
  EXPECT_EQ(report.failed, 0U) << (report.failures.empty() ? "" : report.failures.front());
  EXPECT_GT(report.checks, 80U);
  EXPECT_FALSE(report.suite_unknown);
}

TEST(Vectors, a_flipped_nibble_of_any_hex_field_is_noticed_at_its_place) {
  auto document = rfc_file();
  int flipped = 0;
  walk(document, "$", [&](json::value& value, const std::string& path) {
    // `secret` takes part in no computation, and a flipped invalid element is as a rule invalid still.
    if (!is_hex(value) || path.ends_with(".secret") || path == "$.invalid_element") return;
    auto& text = value.as_string();
    for (const std::size_t at : {std::size_t{0}, text.size() - 1}) {
      const char before = text[at];
      text[at] = before == '4' ? '5' : '4';
      EXPECT_GT(check(document).failed, 0U) << path << " at " << at;
      text[at] = before;
      ++flipped;
    }
  });
  EXPECT_GT(flipped, 100);
  EXPECT_EQ(check(document).failed, 0U);
}

TEST(Vectors, an_output_that_is_wrong_is_named_with_path_expected_and_got) {
  auto document = rfc_file();
  auto& share = document.at("vectors").at(0).at("round_two_outputs").at("outputs").at(1).at("sig_share").as_string();
  const std::string right(share.data(), share.size());
  share[10] = share[10] == '1' ? '2' : '1';
  const auto report = check(document);
  ASSERT_EQ(report.failed, 1U) << "one output field, one failure: nothing is computed from outputs";
  EXPECT_EQ(report.failures.at(0), "$.vectors[0].round_two_outputs.outputs[1].sig_share: expected \"" +
                                       std::string(share.data(), share.size()) + "\", got " + right);
}

TEST(Vectors, a_number_or_name_that_differs_is_noticed) {
  auto document = rfc_file();
  walk(document, "$", [&](json::value& value, const std::string& path) {
    if (value.is_int64()) {
      const auto before = value.as_int64();
      for (const std::int64_t other :
           {before + 1, before - 1, std::int64_t{0}, std::int64_t{-1}, std::int64_t{70'000}}) {
        value = other;
        EXPECT_GT(check(document).failed, 0U) << path << " = " << other;
      }
      value = before;
    } else if (value.is_string() && path != "$.suite") {
      const auto before = value.as_string();
      for (const char* other : {"", "zz", "FROST", "AB"}) {
        value = other;
        EXPECT_GT(check(document).failed, 0U) << path << " = " << other;
      }
      value = before;
    }
  });
  EXPECT_EQ(check(document).failed, 0U);
}

TEST(Vectors, a_missing_field_or_one_of_another_type_is_a_failure) {
  auto document = rfc_file();
  walk(document, "$", [&](json::value& value, const std::string& path) {
    if (auto* object = value.if_object()) {
      const json::object before = *object;
      for (const auto& [key, ignored] : before) {
        if (key.starts_with('_')) continue;
        object->erase(key);
        EXPECT_GT(check(document).failed, 0U) << path << " without " << key;
        *object = before;
      }
    }
    if (auto* array = value.if_array()) {
      const json::array before = *array;
      array->pop_back();
      EXPECT_GT(check(document).failed, 0U) << path << " without its last item";
      *array = before;
      if (path != "$.vectors") {
        array->push_back(before.back());
        EXPECT_GT(check(document).failed, 0U) << path << " with an item too many";
        *array = before;
      }
    }
    const json::value before = value;
    for (const auto& other :
         {json::value(nullptr), json::value(json::object{}), json::value(json::array{}), json::value(1.5)}) {
      value = other;
      EXPECT_GT(check(document).failed, 0U) << path << " as " << json::serialize(other);
    }
    value = before;
  });
  EXPECT_EQ(check(document).failed, 0U);
}

TEST(Vectors, an_invalid_element_must_be_refused) {
  auto document = rfc_file();
  document.as_object()["invalid_element"] = document.at("vectors").at(0).at("inputs").at("group_public_key");
  EXPECT_EQ(check(document).failed, 1U);
}

TEST(Vectors, every_entry_is_checked) {
  auto document = rfc_file();
  auto& vectors = document.at("vectors").as_array();
  const auto one = check(document).checks;
  vectors.push_back(vectors[0]);
  EXPECT_GT(check(document).checks, one + 20);
  vectors[1].at("final_output").as_object()["sig"] = std::string(128, '0');
  EXPECT_EQ(check(document).failed, 1U);
}

TEST(Vectors, a_suite_that_is_not_built_in_is_unknown) {
  auto document = rfc_file();
  document.as_object()["suite"] = "secp256k1-sha256";
  const auto report = check(document);
  EXPECT_TRUE(report.suite_unknown);
  EXPECT_EQ(report.checks, 0U);
}

TEST(Vectors, a_file_that_asks_for_too_many_secrets_fails_and_does_not_exhaust_locked_memory) {
  auto document = rfc_file();
  auto& inputs = document.at("vectors").at(0).at("inputs").as_object();
  auto& coefficients = inputs.at("share_polynomial_coefficients").as_array();
  const json::value coefficient = coefficients[0];
  coefficients.resize(20'000, coefficient);
  EXPECT_GT(check(document).failed, 0U);

  document = rfc_file();
  json::array& list = document.at("vectors").at(0).at("inputs").at("participant_list").as_array();
  json::array& outputs = document.at("vectors").at(0).at("round_one_outputs").at("outputs").as_array();
  const json::value output = outputs[0];
  list.resize(20'000, 1);
  outputs.resize(20'000, output);
  EXPECT_GT(check(document).failed, 0U);
}

TEST(Vectors, what_is_no_vector_file_fails) {
  for (const char* text : {"", "{", "[]", "null", "{}", "\"suite\"", "{\"suite\":\"ed25519-sha512\"}",
                           "{\"suite\":\"ed25519-sha512\",\"vectors\":[]}"}) {
    const auto report = check_vectors(text);
    EXPECT_GT(report.failed, 0U) << text;
    EXPECT_FALSE(report.suite_unknown) << text;
  }
}

}  // namespace
}  // namespace assay::threshold
