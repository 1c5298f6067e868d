#include "fetchers/market/io/demo_pki.hpp"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string_view>

namespace assay::fetchers::market {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using File = std::unique_ptr<std::FILE, decltype(&std::fclose)>;

Error failed() {
  return Error{Errc::io_failed, "OpenSSL makes a certificate, the folder can be written"};
}

struct Extension {
  int nid;
  std::string value;
};

bool add_extension(X509* certificate, X509* issuer, const Extension& extension) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* made = X509V3_EXT_conf_nid(nullptr, &context, extension.nid, extension.value.c_str());
  if (made == nullptr) return false;
  const bool added = X509_add_ext(certificate, made, -1) == 1;
  X509_EXTENSION_free(made);
  return added;
}

/// Distinct for distinct keys, which is all that a serial number is for here.
bool set_serial(X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (X509_pubkey_digest(certificate, EVP_sha256(), digest.data(), &size) != 1 || size < 16) return false;
  digest[0] = static_cast<unsigned char>((digest[0] & 0x7fU) | 0x01U);
  BIGNUM* number = BN_bin2bn(digest.data(), 16, nullptr);
  if (number == nullptr) return false;
  const bool set = BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr;
  BN_free(number);
  return set;
}

bool set_name(X509_NAME* name, const std::string& text) {
  return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(text.data()),
                                    static_cast<int>(text.size()), -1, 0) == 1;
}

struct Request {
  std::string name;
  std::int64_t valid_from_s;
  std::int64_t valid_until_s;
  std::vector<Extension> extensions;
};

/// `issuer` null: signs itself.
Certificate certify(const Request& request, EVP_PKEY* subject_key, X509* issuer, EVP_PKEY* issuer_key) {
  Certificate none(nullptr, &X509_free);
  Certificate certificate(X509_new(), &X509_free);
  if (!certificate || X509_set_version(certificate.get(), 2) != 1) return none;
  if (X509_gmtime_adj(X509_getm_notBefore(certificate.get()), request.valid_from_s) == nullptr) return none;
  if (X509_gmtime_adj(X509_getm_notAfter(certificate.get()), request.valid_until_s) == nullptr) return none;
  if (X509_set_pubkey(certificate.get(), subject_key) != 1 || !set_serial(certificate.get())) return none;
  if (!set_name(X509_get_subject_name(certificate.get()), request.name)) return none;
  X509* signer = issuer == nullptr ? certificate.get() : issuer;
  if (X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer)) != 1) return none;
  for (const Extension& extension : request.extensions) {
    if (!add_extension(certificate.get(), signer, extension)) return none;
  }
  if (X509_sign(certificate.get(), issuer_key, EVP_sha256()) == 0) return none;
  return certificate;
}

std::string alternative_names(const PkiSettings& settings) {
  std::string text;
  for (const std::string& name : settings.names) text += (text.empty() ? "DNS:" : ",DNS:") + name;
  for (const std::string& address : settings.addresses) text += (text.empty() ? "IP:" : ",IP:") + address;
  return text;
}

File create(const std::string& path, mode_t mode) {
  ::unlink(path.c_str());
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  return File(descriptor < 0 ? nullptr : ::fdopen(descriptor, "w"), &std::fclose);
}

bool store(const std::string& path, X509* certificate) {
  const File file = create(path, 0644);
  return file && PEM_write_X509(file.get(), certificate) == 1 && std::fflush(file.get()) == 0;
}

bool store(const std::string& path, EVP_PKEY* key) {
  const File file = create(path, 0600);
  return file && PEM_write_PrivateKey(file.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1 &&
         std::fflush(file.get()) == 0;
}

}  // namespace

Result<PkiFiles> make_demo_pki(const PkiSettings& settings) {
  std::error_code code;
  std::filesystem::create_directories(settings.folder, code);
  if (code) return failed();
  const Key authority_key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  const Key server_key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  if (!authority_key || !server_key) return failed();

  const std::int64_t day_s = 86'400;
  const Request authority_request{"Assay demo authority, not for use beyond loopback",
                                  -30 * day_s,
                                  60 * day_s,
                                  {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                                   {NID_key_usage, "critical,keyCertSign,cRLSign"},
                                   {NID_subject_key_identifier, "hash"}}};
  const Certificate authority = certify(authority_request, authority_key.get(), nullptr, authority_key.get());
  if (!authority) return failed();

  const Request server_request{settings.names.empty() ? std::string("market") : settings.names.front(),
                               settings.valid_from_s,
                               settings.valid_until_s,
                               {{NID_basic_constraints, "critical,CA:FALSE"},
                                {NID_key_usage, "critical,digitalSignature"},
                                {NID_ext_key_usage, "serverAuth"},
                                {NID_subject_key_identifier, "hash"},
                                {NID_authority_key_identifier, "keyid"},
                                {NID_subject_alt_name, alternative_names(settings)}}};
  const Certificate server = certify(server_request, server_key.get(), authority.get(), authority_key.get());
  if (!server) return failed();

  const std::filesystem::path folder(settings.folder);
  const PkiFiles files{(folder / "ca.pem").string(), (folder / "server.pem").string(),
                       (folder / "server.key").string()};
  if (!store(files.ca_file, authority.get()) || !store(files.certificate_file, server.get()) ||
      !store(files.key_file, server_key.get())) {
    return failed();
  }
  return files;
}

}  // namespace assay::fetchers::market
