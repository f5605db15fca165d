#include "modules/log_analytics/tenants.h"

#include <algorithm>

#include "kit/base/crypto.h"

namespace jebi::log_analytics {

namespace {

constexpr const char* file_name = "/tenants";
constexpr std::size_t file_bytes_max = 64 * 1024;
constexpr std::size_t name_bytes_max = 40, token_random_bytes = 32;
constexpr WallMs read_again_ms = 1'000;
constexpr std::string_view scheme = "Bearer ";

std::string hash_of(std::string_view token) {
    return hex(bytes_of(sha256(token)));
}

bool is_loopback(std::string_view address) {
    return address == "unix" || address == "::1" || address.starts_with("127.");
}

// "127.0.0.1:12345", "localhost", "[::1]:80".
bool names_this_machine(std::string_view host) {
    const auto colon = host.rfind(':');
    if (colon != std::string_view::npos && !host.ends_with(']')) host = host.substr(0, colon);
    return host == "localhost" || host == "[::1]" || host.starts_with("127.") || host.empty();
}

bool comes_from_this_machine(const http::Request& request) {
    const bool direct = !request.fields.get("X-Forwarded-For") && !request.fields.get("Forwarded");
    return direct && is_loopback(request.peer) && names_this_machine(request.fields.get("Host").value_or(""));
}

bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= name_bytes_max && name != default_tenant &&
           std::ranges::all_of(name, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
           });
}

// Name by hash. Lines that are none are passed over.
std::map<std::string, std::string> names_in(std::string_view text) {
    std::map<std::string, std::string> names;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        const auto blank = line.find(' ');
        if (blank != std::string_view::npos && is_name(line.substr(0, blank)) && names.size() < tenants_max)
            names.emplace(line.substr(blank + 1), line.substr(0, blank));
    }
    return names;
}

Result<std::string> read_file(disk::Disk& disk, const std::string& folder) {
    auto text = disk::read_all(disk, folder + file_name, file_bytes_max);
    if (!text && text.error().code == Code::not_found) return std::string{};
    return text;
}

}  // namespace

Result<std::unique_ptr<Tenants>> Tenants::open(std::string folder, StoreOptions store, disk::Disk& disk,
                                               const Clock& clock) {
    std::unique_ptr<Tenants> tenants{new Tenants(std::move(folder), std::move(store), disk, clock)};
    TRY([[maybe_unused]] Tenant* const standard, tenants->open_store(std::string(default_tenant)));
    TRY_VOID(tenants->read_tokens());
    return tenants;
}

Result<Tenant*> Tenants::open_store(const std::string& name) {
    const auto known = std::ranges::find(opened_, name, [](const auto& tenant) { return tenant->name; });
    if (known != opened_.end()) return known->get();
    StoreOptions options = store_;
    options.folder = folder_ + "/" + name;
    TRY(auto store, Store::open(std::move(options), disk_, clock_));
    opened_.push_back(std::make_unique<Tenant>(Tenant{.name = name, .store = std::move(store)}));
    return opened_.back().get();
}

Result<void> Tenants::read_tokens() {
    TRY(const std::string text, read_file(disk_, folder_));
    names_ = names_in(text);
    read_at_ms_ = clock_.wall_ms();
    return {};
}

Result<Tenant*> Tenants::of(const http::Request& request) {
    const std::string_view authorization = request.fields.get("Authorization").value_or("");
    const std::lock_guard lock{mutex_};
    if (authorization.starts_with(scheme)) {
        TRY(const std::string name, name_of_token(authorization.substr(scheme.size())));
        return open_store(name);
    }
    if (comes_from_this_machine(request)) return opened_.front().get();
    return fail(
        error(Code::forbidden,
              "Without a token only programs on this machine may come in. Make one with `log-analytics "
              "tenant add NAME` and send it as \"Authorization: Bearer TOKEN\".")
            .because("token_needed"));
}

Result<std::string> Tenants::name_of_token(std::string_view token) {
    const std::string hash = hash_of(token);
    if (!names_.contains(hash) && clock_.wall_ms() - read_at_ms_ >= read_again_ms) TRY_VOID(read_tokens());
    const auto found = names_.find(hash);
    if (found == names_.end())
        return fail(error(Code::unauthenticated, "This token is not known here.").because("unknown_token"));
    return found->second;
}

std::vector<Tenant*> Tenants::all() const {
    const std::lock_guard lock{mutex_};
    std::vector<Tenant*> tenants;
    for (const auto& tenant : opened_)
        tenants.push_back(tenant.get());
    return tenants;
}

Result<std::string> add_tenant(disk::Disk& disk, const std::string& folder, const std::string& name) {
    if (!is_name(name)) {
        return fail(error(Code::invalid,
                          "A tenant's name has 1 to 40 of a-z, 0-9, - and _; \"" + name + "\" cannot be one.")
                        .because("bad_name"));
    }
    TRY(const std::string text, read_file(disk, folder));
    const auto names = names_in(text);
    if (std::ranges::any_of(names, [&](const auto& known) { return known.second == name; }))
        return fail(
            error(Code::conflict, "There is a tenant \"" + name + "\" already.").because("name_taken"));
    if (names.size() == tenants_max)
        return fail(error(Code::exhausted, "There are 64 tenants, which is as many as there can be."));
    const std::string token = base64url(random_bytes(token_random_bytes));
    TRY_VOID(disk::replace(disk, folder + file_name, text + name + " " + hash_of(token) + "\n"));
    return token;
}

}  // namespace jebi::log_analytics
