#include "app/host.h"

#include <filesystem>

#include "kit/place/guarded.h"

namespace jebi::app {

namespace {

namespace fs = std::filesystem;

Error no_link(const std::string& link, const std::error_code& why) {
    return error(Code::unavailable, "Cannot make the link " + link + ": " + why.message() +
                                        ". Other programs reach the module there; see that its folder can be"
                                        " written.");
}

// A balancer that only asks whether the process lives need not know the secret.
place::Process::Refuses strangers_of(place::Process& process, const rpc::SharedSecret& secret) {
    const auto count = process.metrics().counter(
        "rpc_strangers_total",
        "Requests by TCP that were refused: without the shared secret, or with another.");
    return [count, secret](const http::Request& request) -> std::optional<http::Response> {
        if (request.path == "/livez") return std::nullopt;
        const auto known = secret.check(request);
        if (known) return std::nullopt;
        count.add();
        return rpc::answer_of_stranger(known.error());
    };
}

}  // namespace

Result<std::unique_ptr<Host>> Host::open(place::Process& process, const place::Settings& settings,
                                         const std::vector<const Module*>& modules,
                                         place::Neighbours::Way way,
                                         std::optional<fiber::ListeningSocket> pages) {
    std::unique_ptr<Host> host{new Host(process, settings, std::move(way), std::move(pages))};
    for (const Module* module : modules)
        TRY_VOID(host->build(*module));
    return host;
}

Host::Host(place::Process& process, const place::Settings& settings, place::Neighbours::Way way,
           std::optional<fiber::ListeningSocket> pages)
    : process_(process),
      settings_(settings),
      neighbours_(
          [&process](std::string_view caller) { return process.requests().calls(std::string(caller)); },
          std::move(way)),
      pages_(std::move(pages)) {}

Host::~Host() {
    end(in(Millis{0}));
}

Result<void> Host::build(const Module& module) {
    TRY(auto part, module.make({module.name, process_, settings_, neighbours_, pages_ ? &*pages_ : nullptr}));
    parts_.push_back({&module, std::move(part)});
    process_.status().add_module(std::string(module.name), module.service.empty());
    if (!module.service.empty()) process_.health().add_contract(std::string(module.service));
    return {};
}

Result<void> Host::start() {
    for (const auto& [module, part] : parts_)
        TRY_VOID(part->start());
    return {};
}

Result<void> Host::open_contracts(fiber::ListeningSocket socket) {
    const std::string path = socket.address().path;
    process_.limits([this] { return place::limit_state(limit_.view()); });
    TRY_VOID(serve_contracts(std::move(socket), contracts_, {}, {}));
    return link_modules(path);
}

Result<void> Host::open_to_machines(fiber::ListeningSocket socket, const place::Credentials& credentials) {
    for (const std::string& warning : credentials.warnings())
        process_.log().warning("place", warning);
    http::ServerOptions options;
    options.tls = credentials.certificate();
    return serve_contracts(std::move(socket), contracts_by_tcp_, std::move(options),
                           strangers_of(process_, credentials.secret()));
}

Result<void> Host::serve_contracts(fiber::ListeningSocket socket, http::Router& router,
                                   http::ServerOptions options, place::Process::Refuses refuses) {
    for (const auto& [module, part] : parts_)
        rpc::serve(router, limit_.around(part->methods()), process_.requests().calls());
    options.limits.body_bytes_max = rpc::message_bytes_max;
    return process_.serve(std::move(socket), router, std::move(options), std::move(refuses));
}

Result<void> Host::link_modules(const std::string& socket) const {
    const fs::path at{socket};
    for (const auto& [module, part] : parts_) {
        const fs::path link = at.parent_path() / (std::string(module->name) + ".sock");
        if (module->service.empty() || link == at) continue;
        std::error_code wrong;
        fs::remove(link, wrong);
        fs::create_symlink(at.filename(), link, wrong);
        if (wrong) return fail(no_link(link, wrong));
    }
    return {};
}

bool Host::end(Deadline until) {
    if (std::exchange(ended_, true)) return true;
    for (const auto& [module, part] : parts_)
        part->end_waits();
    neighbours_.end_waits();
    const bool drained = process_.end(until);
    for (const auto& [module, part] : parts_)
        part->finish();
    while (!parts_.empty())
        parts_.pop_back();  // what stands on others goes before them
    return drained;
}

}  // namespace jebi::app
