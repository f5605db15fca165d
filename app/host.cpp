#include "app/host.h"

#include <filesystem>

#include "app/settings.h"
#include "kit/place/data_folder.h"

namespace jebi::app {

namespace {

namespace fs = std::filesystem;

Error no_link(const std::string& link, const std::error_code& why) {
    return error(Code::unavailable, "Cannot make the link " + link + ": " + why.message() +
                                        ". Other programs reach the module there; see that its folder can be"
                                        " written.");
}

}  // namespace

std::vector<const Module*> all_modules() {
    return {&accounts_module(), &follows_module(),       &tweets_module(),   &timelines_module(),
            &search_module(),   &notifications_module(), &messages_module(), &web_module()};
}

Result<std::unique_ptr<Host>> Host::open(place::Process& process, const place::Settings& settings,
                                         const std::vector<const Module*>& modules,
                                         place::Neighbours::Way way) {
    std::unique_ptr<Host> host{new Host(process, settings, std::move(way))};
    for (const Module* module : modules)
        TRY_VOID(host->build(*module));
    return host;
}

Host::Host(place::Process& process, const place::Settings& settings, place::Neighbours::Way way)
    : process_(process),
      settings_(settings),
      neighbours_([&process](std::string_view) { return process.requests().calls(); }, std::move(way)) {}

Host::~Host() {
    end(in(Millis{0}));
}

Result<void> Host::build(const Module& module) {
    TRY(auto part, module.make({module.name, process_, settings_, neighbours_}));
    parts_.push_back({&module, std::move(part)});
    return {};
}

Result<void> Host::start() {
    for (const auto& [module, part] : parts_)
        TRY_VOID(part->start());
    return {};
}

Result<void> Host::open_contracts(const std::string& name) {
    const std::string folder = run_folder(settings_);
    TRY_VOID(place::open_data_folder(folder));
    TRY(const auto at, contracts_address(settings_, name));
    for (const auto& [module, part] : parts_)
        rpc::serve(contracts_, part->methods(), process_.requests().calls());
    http::ServerOptions options;
    options.limits.body_bytes_max = rpc::message_bytes_max;
    TRY_VOID(process_.serve(at, contracts_, std::move(options)));
    return link_modules(folder, name + ".sock");
}

Result<void> Host::link_modules(const std::string& folder, const std::string& socket) const {
    for (const auto& [module, part] : parts_) {
        const std::string link = folder + "/" + std::string(module->name) + ".sock";
        if (module->service.empty() || link == folder + "/" + socket) continue;
        std::error_code wrong;
        fs::remove(link, wrong);
        fs::create_symlink(socket, link, wrong);
        if (wrong) return fail(no_link(link, wrong));
    }
    return {};
}

bool Host::end(Deadline until) {
    if (std::exchange(ended_, true)) return true;
    for (const auto& [module, part] : parts_)
        part->end_waits();
    const bool drained = process_.end(until);
    for (const auto& [module, part] : parts_)
        part->finish();
    while (!parts_.empty())
        parts_.pop_back();  // what stands on others goes before them
    return drained;
}

}  // namespace jebi::app
