#include "publisher/verify.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "core/bytes.hpp"
#include "support.hpp"

namespace assay::publisher {
namespace {

namespace json = boost::json;
using test::Chain;

std::string verdict(std::string_view text, const Pinned& pinned, std::span<const FeedTerms> expected = {}) {
  const auto result = verify_frame(text, pinned, expected);
  if (const auto* refused = std::get_if<Refused>(&result)) return std::string(name(refused->code));
  return "ok";
}

std::vector<std::uint32_t> indices(std::uint32_t count) {
  std::vector<std::uint32_t> out(count);
  for (std::uint32_t i = 0; i < count; ++i) out[i] = i;
  return out;
}

/// The frame with `change` applied to its JSON.
template <class Change>
std::string changed(const std::string& frame, Change change) {
  auto document = json::parse(frame);
  change(document.as_object());
  return json::serialize(document);
}

std::string flipped(std::string_view base64, std::size_t at, std::uint8_t mask) {
  auto bytes = from_base64(base64, 4096).value();
  bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ mask);
  return to_base64(bytes);
}

class VerifyFrame : public testing::Test {
 protected:
  Chain chain_{5};
  std::shared_ptr<const Batch> batch_ = chain_.next();
  std::string update_ = chain_.frames(batch_).update(1);
};

TEST_F(VerifyFrame, accepts_an_update_and_returns_what_was_signed) {
  const auto result = verify_frame(update_, chain_.pinned(), *chain_.feeds());
  ASSERT_TRUE(std::holds_alternative<VerifiedFrame>(result)) << std::get<Refused>(result).detail;
  const auto& frame = std::get<VerifiedFrame>(result);
  EXPECT_EQ(frame.header, batch_->header);
  EXPECT_EQ(frame.signature, batch_->signature);
  ASSERT_EQ(frame.leaves.size(), 1U);
  EXPECT_EQ(frame.leaves[0].index, 1U);
  EXPECT_EQ(frame.leaves[0].symbol, (*chain_.feeds())[1].symbol);
  EXPECT_EQ(frame.leaves[0].leaf, batch_->leaves[1]);
}

TEST_F(VerifyFrame, accepts_every_leaf_of_trees_of_every_small_size_by_the_path_of_rfc_9162) {
  for (std::size_t size = 1; size <= 18; ++size) {
    Chain chain(size);
    const auto batch = chain.next();
    const auto hashes = leaf_hashes(batch->leaves);
    const auto frames = chain.frames(batch);
    for (std::uint32_t i = 0; i < size; ++i) {
      const auto text = frames.update(i);
      EXPECT_EQ(verdict(text, chain.pinned(), *chain.feeds()), "ok") << i << " of " << size;
      const auto path = inclusion_path(hashes, i).value();
      const auto shown = json::parse(text).at("path").as_array();
      ASSERT_EQ(shown.size(), path.size());
      for (std::size_t k = 0; k < path.size(); ++k) EXPECT_EQ(shown[k].as_string(), to_base64(path[k].bytes));
    }
  }
}

TEST_F(VerifyFrame, accepts_a_batch_of_all_leaves_without_paths_and_of_some_with_paths) {
  const auto frames = chain_.frames(batch_);
  const auto all = frames.batch(indices(5));
  EXPECT_EQ(all.find("\"path\""), std::string::npos);
  EXPECT_EQ(verdict(all, chain_.pinned(), *chain_.feeds()), "ok");
  const auto some = frames.batch(std::vector<std::uint32_t>{0, 3});
  EXPECT_EQ(verdict(some, chain_.pinned(), *chain_.feeds()), "ok");
}

TEST_F(VerifyFrame, refuses_every_flip_of_a_byte_of_leaf_header_signature_and_path) {
  for (const char* field : {"leaf", "header", "signature"}) {
    const std::string text(json::parse(update_).at(field).as_string());
    const std::size_t size = from_base64(text, 4096).value().size();
    for (std::size_t at = 0; at < size; ++at) {
      for (const std::uint8_t mask : std::vector<std::uint8_t>{0x01, 0x80, 0xff}) {
        const auto bad = changed(update_, [&](auto& frame) { frame[field] = flipped(text, at, mask); });
        EXPECT_NE(verdict(bad, chain_.pinned()), "ok") << field << " byte " << at;
      }
    }
  }
  const auto path = json::parse(update_).at("path").as_array();
  ASSERT_FALSE(path.empty());
  for (std::size_t step = 0; step < path.size(); ++step) {
    for (std::size_t at = 0; at < 32; ++at) {
      const auto bad = changed(update_, [&](auto& frame) {
        frame["path"].as_array()[step] = flipped(std::string(path[step].as_string()), at, 0x10);
      });
      EXPECT_EQ(verdict(bad, chain_.pinned()), "bad_proof") << "step " << step << " byte " << at;
    }
  }
}

TEST_F(VerifyFrame, refuses_every_flip_of_a_byte_in_a_complete_batch) {
  const auto all = chain_.frames(batch_).batch(indices(5));
  for (std::size_t leaf = 0; leaf < 5; ++leaf) {
    const std::string text(json::parse(all).at("leaves").at(leaf).at("leaf").as_string());
    for (std::size_t at = 0; at < leaf_size; ++at) {
      const auto bad = changed(
          all, [&](auto& frame) { frame["leaves"].as_array()[leaf].as_object()["leaf"] = flipped(text, at, 0x04); });
      EXPECT_EQ(verdict(bad, chain_.pinned()), "bad_proof");
    }
  }
}

TEST_F(VerifyFrame, names_each_field_of_the_view_that_differs_from_the_bytes) {
  const auto view = json::parse(update_).at("view").as_object();
  EXPECT_GE(view.size(), 19U);
  for (const auto& member : view) {
    const auto differs = [&](const json::value& value) {
      const auto bad = changed(update_, [&](auto& frame) { frame["view"].as_object()[member.key()] = value; });
      const auto result = verify_frame(bad, chain_.pinned());
      const auto* refused = std::get_if<Refused>(&result);
      ASSERT_NE(refused, nullptr) << member.key();
      EXPECT_EQ(refused->code, Errc::view_differs);
      EXPECT_EQ(refused->detail.find("view." + std::string(member.key())), 0U) << refused->detail;
    };
    differs("?");
    differs(1);
    differs(nullptr);
    const auto without = changed(update_, [&](auto& frame) { frame["view"].as_object().erase(member.key()); });
    EXPECT_EQ(verdict(without, chain_.pinned()), "view_differs") << member.key();
  }
}

TEST_F(VerifyFrame, refuses_a_view_that_says_more_than_the_bytes) {
  const auto more = changed(update_, [](auto& f) { f["view"].as_object()["price_usd"] = "99999"; });
  EXPECT_EQ(verdict(more, chain_.pinned()), "view_differs");
  const auto all = chain_.frames(batch_).batch(indices(5));
  const auto in_a_leaf = changed(
      all, [](auto& frame) { frame["leaves"].as_array()[3].as_object()["view"].as_object()["settled"] = true; });
  EXPECT_EQ(verdict(in_a_leaf, chain_.pinned()), "view_differs");
}

TEST_F(VerifyFrame, refuses_members_that_no_check_looks_at) {
  const auto view = json::parse(update_).at("view");
  const auto all = chain_.frames(batch_).batch(indices(5));
  EXPECT_EQ(verdict(changed(all, [&](auto& f) { f["view"] = view; }), chain_.pinned()), "not_canonical");
  EXPECT_EQ(verdict(changed(all, [](auto& f) { f["feed"] = "BTC/USD"; }), chain_.pinned()), "not_canonical");
  EXPECT_EQ(verdict(changed(update_, [](auto& f) { f["price"] = "1"; }), chain_.pinned()), "not_canonical");
  EXPECT_EQ(verdict(changed(update_, [](auto& f) { f["leaves"] = json::array{}; }), chain_.pinned()), "not_canonical");
  const auto in_a_leaf = changed(all, [](auto& f) { f["leaves"].as_array()[0].as_object()["price"] = "1"; });
  EXPECT_EQ(verdict(in_a_leaf, chain_.pinned()), "not_canonical");
}

TEST_F(VerifyFrame, believes_the_bytes_when_there_is_no_view) {
  const auto bare = changed(update_, [](auto& frame) { frame.erase("view"); });
  EXPECT_EQ(verdict(bare, chain_.pinned()), "ok");
}

TEST_F(VerifyFrame, refuses_another_height_feed_or_index_than_the_bytes_have) {
  EXPECT_EQ(verdict(changed(update_, [](auto& f) { f["height"] = "2"; }), chain_.pinned()), "view_differs");
  EXPECT_EQ(verdict(changed(update_, [](auto& f) { f["height"] = 1; }), chain_.pinned()), "view_differs");
  EXPECT_EQ(verdict(changed(update_, [](auto& f) { f["feed"] = "XRP/USD"; }), chain_.pinned()), "wrong_feed");
  for (const std::int64_t index : {0, 2, 3, 4, 5, 1 << 20}) {
    EXPECT_EQ(verdict(changed(update_, [&](auto& f) { f["index"] = index; }), chain_.pinned()), "bad_proof") << index;
  }
  EXPECT_EQ(verdict(changed(update_, [](auto& f) { f["index"] = -1; }), chain_.pinned()), "out_of_range");
}

TEST_F(VerifyFrame, refuses_another_key_another_network_and_feeds_that_nobody_asked_for) {
  auto pinned = chain_.pinned();
  pinned.group_key = test::Signer(8).key();
  EXPECT_EQ(verdict(update_, pinned), "bad_signature");
  pinned = chain_.pinned();
  pinned.network->value.bytes[0] ^= 1;
  EXPECT_EQ(verdict(update_, pinned), "wrong_network");
  pinned.network.reset();
  pinned.group_key = chain_.signer().key();
  EXPECT_EQ(verdict(update_, pinned), "ok");

  FeedList others{(*chain_.feeds())[0]};
  EXPECT_EQ(verdict(update_, pinned, others), "wrong_feed");
  others = {(*chain_.feeds())[1]};
  others[0].exponent = -3;
  EXPECT_EQ(verdict(update_, pinned, others), "wrong_exponent");
}

TEST_F(VerifyFrame, refuses_a_leaf_of_another_height_under_a_signed_root) {
  auto batch = std::make_shared<Batch>(*batch_);
  batch->leaves[1].height = Height{9};
  batch->header.feeds_root = merkle_root(leaf_hashes(batch->leaves));
  batch->signature = chain_.signer().sign(encode(batch->header));
  EXPECT_EQ(verdict(chain_.frames(batch).update(1), chain_.pinned()), "wrong_height");
}

TEST_F(VerifyFrame, refuses_base64_that_is_not_canonical_and_lengths_that_are_wrong) {
  const auto with = [&](const char* field, std::string text) {
    return verdict(changed(update_, [&](auto& frame) { frame[field] = text; }), chain_.pinned());
  };
  EXPECT_EQ(with("header", "AAAA"), "truncated");
  EXPECT_EQ(with("header", ""), "truncated");
  EXPECT_EQ(with("signature", "AAAA"), "truncated");
  EXPECT_EQ(with("leaf", "AAAA"), "bad_proof");
  EXPECT_EQ(with("header", "A"), "bad_base64");
  EXPECT_EQ(with("header", std::string(1000, 'A')), "too_large");
  const std::string signature(json::parse(update_).at("signature").as_string());
  ASSERT_EQ(signature.substr(86), "==");
  auto other_spelling = signature;  // the four unused bits before the padding are not zero
  other_spelling[85] = static_cast<char>(other_spelling[85] + 1);
  EXPECT_EQ(with("signature", other_spelling), "bad_base64");
  EXPECT_EQ(with("signature", signature.substr(0, 86)), "bad_base64");
}

TEST_F(VerifyFrame, refuses_keys_that_are_given_twice) {
  auto twice = update_;
  twice.insert(1, "\"view\":{},");
  EXPECT_EQ(verdict(twice, chain_.pinned()), "not_canonical");
}

TEST_F(VerifyFrame, refuses_a_batch_that_repeats_a_leaf_or_leaves_one_out_without_paths) {
  const auto all = chain_.frames(batch_).batch(indices(5));
  const auto fewer = changed(all, [](auto& frame) { frame["leaves"].as_array().pop_back(); });
  EXPECT_EQ(verdict(fewer, chain_.pinned()), "bad_proof");
  const auto renumbered = changed(all, [](auto& frame) { frame["leaves"].as_array()[4].as_object()["index"] = 7; });
  EXPECT_EQ(verdict(renumbered, chain_.pinned()), "bad_proof");
  const auto twice = changed(all, [](auto& frame) {
    auto& leaves = frame["leaves"].as_array();
    leaves.push_back(leaves.back());
  });
  EXPECT_EQ(verdict(twice, chain_.pinned()), "not_canonical");
  const auto some = chain_.frames(batch_).batch(std::vector<std::uint32_t>{0, 3});
  const auto mixed = changed(some, [](auto& frame) { frame["leaves"].as_array()[0].as_object().erase("path"); });
  EXPECT_EQ(verdict(mixed, chain_.pinned()), "missing_field");
}

TEST_F(VerifyFrame, survives_truncation_at_every_place_and_every_missing_member) {
  for (std::size_t length = 0; length < update_.size(); ++length) {
    EXPECT_NE(verdict(std::string_view(update_).substr(0, length), chain_.pinned()), "ok");
  }
  for (const char* field : {"type", "feed", "index", "leaf", "path", "header", "signature"}) {
    EXPECT_NE(verdict(changed(update_, [&](auto& frame) { frame.erase(field); }), chain_.pinned()), "ok") << field;
    EXPECT_NE(verdict(changed(update_, [&](auto& frame) { frame[field] = nullptr; }), chain_.pinned()), "ok") << field;
  }
}

TEST_F(VerifyFrame, refuses_text_that_is_deep_long_or_not_an_object) {
  EXPECT_EQ(verdict("", chain_.pinned()), "malformed");
  EXPECT_EQ(verdict("[]", chain_.pinned()), "malformed");
  EXPECT_EQ(verdict(std::string(100'000, '['), chain_.pinned()), "malformed");
  EXPECT_EQ(verdict(std::string(frame_bytes_max + 1, ' '), chain_.pinned()), "too_large");
  EXPECT_EQ(verdict(R"({"type":"hello"})", chain_.pinned()), "missing_field");
}

TEST(Frames, refuse_a_batch_with_other_feeds_than_the_network_has) {
  Chain five(5);
  Chain six(6);
  EXPECT_EQ(BatchFrames::make(five.next(), six.feeds()).error().code, Errc::wrong_feed);
  auto swapped = std::make_shared<Batch>(*five.next());
  std::swap(swapped->leaves[0], swapped->leaves[1]);
  EXPECT_EQ(BatchFrames::make(swapped, five.feeds()).error().code, Errc::wrong_feed);
}

TEST(Frames, show_prices_as_decimal_text_and_reasons_by_name) {
  Chain chain(5);
  const auto view = json::parse(chain.frames(chain.next()).update(2)).at("view").as_object();
  EXPECT_EQ(view.at("price").as_string(), "65143.46");
  EXPECT_EQ(view.at("confidence").as_string(), "0.42");
  EXPECT_EQ(view.at("status").as_string(), "wide");
  EXPECT_EQ(json::serialize(view.at("reasons")), R"(["few_sources","venue_down"])");
  EXPECT_EQ(view.at("publish_time_us").as_string(), std::to_string(Chain::start_us + 250'000));
}

}  // namespace
}  // namespace assay::publisher
