#pragma once
#include <boost/asio/ip/address.hpp>
#include <cstddef>
#include <map>
#include <optional>
#include <utility>

namespace assay::publisher {

/// How many connections one source address holds that have not asked for anything worth keeping. IPv6 counts by /64,
/// which is what one host has. Places refer to their quota, which must outlive them.   One thread.
class AddressQuota {
 public:
  using Address = boost::asio::ip::address;

  /// One connection's place, given back at its end.
  class Place {
   public:
    Place(AddressQuota& quota, const Address& source) : quota_(&quota), source_(source) {}
    Place(Place&& other) noexcept : quota_(std::exchange(other.quota_, nullptr)), source_(other.source_) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (quota_ != nullptr) quota_->give_back(source_);
    }

   private:
    AddressQuota* quota_;
    Address source_;
  };

  explicit AddressQuota(std::size_t each_max) : each_max_(each_max) {}

  /// Nothing when the address holds each_max already.
  std::optional<Place> take(const Address& source) {
    const Address host = host_of(source);
    const auto found = held_.find(host);
    if (found != held_.end() && found->second >= each_max_) return std::nullopt;
    ++held_[host];
    return std::optional<Place>(std::in_place, *this, host);
  }

  [[nodiscard]] std::size_t addresses() const noexcept { return held_.size(); }

 private:
  static Address host_of(const Address& source) {
    if (source.is_v4()) return source;
    const auto address = source.to_v6();
    if (address.is_v4_mapped()) return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address);
    auto bytes = address.to_bytes();
    for (std::size_t i = bytes.size() / 2; i < bytes.size(); ++i) bytes[i] = 0;
    return boost::asio::ip::address_v6(bytes);
  }

  void give_back(const Address& host) {
    const auto found = held_.find(host);
    if (found != held_.end() && --found->second == 0) held_.erase(found);
  }

  std::size_t each_max_;
  std::map<Address, std::size_t> held_;  ///< of addresses that hold any
};

}  // namespace assay::publisher
