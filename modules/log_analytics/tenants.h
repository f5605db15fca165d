// Whose rows are whose. Each tenant has a store in a folder of its own, and sees nothing else.
//
// Whoever sends a bearer token that is known is the tenant it was made for. Without a token only programs on
// this machine are let in, as the tenant "default": a request whose address is a loopback one, that came
// through no proxy and names this machine in its Host field (so that a page in somebody's browser cannot
// reach in by DNS rebinding).
//
// Tokens are kept as SHA-256 hashes in the file "tenants" of the data folder, a line each: "NAME HASH". The
// file is read again when an unknown token comes, so that a new tenant needs no restart.
//
// Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "kit/http/message.h"
#include "modules/log_analytics/store/store.h"

namespace jebi::log_analytics {

inline constexpr std::size_t tenants_max = 64;
inline constexpr std::string_view default_tenant = "default";

struct Tenant {
    std::string name;
    std::unique_ptr<Store> store;
};

class Tenants {
public:
    // `store` is how every tenant's store is made, but for its folder. Opens the default tenant's.
    static Result<std::unique_ptr<Tenants>> open(std::string folder, StoreOptions store, disk::Disk& disk,
                                                 const Clock& clock);

    // Who asks. `unauthenticated` for an unknown token, `forbidden` for somebody without one from elsewhere.
    Result<Tenant*> of(const http::Request& request);
    // The default tenant, for what has no token (syslog).
    Tenant& standard() { return *opened_.front(); }
    // Those that are open.
    std::vector<Tenant*> all() const;

private:
    Tenants(std::string folder, StoreOptions store, disk::Disk& disk, const Clock& clock)
        : folder_(std::move(folder)), store_(std::move(store)), disk_(disk), clock_(clock) {}
    Result<Tenant*> open_store(const std::string& name);
    Result<void> read_tokens();
    Result<std::string> name_of_token(std::string_view token);

    std::string folder_;
    StoreOptions store_;
    disk::Disk& disk_;
    const Clock& clock_;
    mutable std::mutex mutex_;  // of all below
    std::vector<std::unique_ptr<Tenant>> opened_;
    std::map<std::string, std::string> names_;  // hash in hex -> name
    WallMs read_at_ms_ = 0;
};

// Makes a token for a new tenant and notes its hash. `conflict` when there is one of that name; `invalid` for
// a name that is not 1 to 40 of a-z, 0-9, '-' and '_', or is "default".
Result<std::string> add_tenant(disk::Disk& disk, const std::string& folder, const std::string& name);

}  // namespace jebi::log_analytics
