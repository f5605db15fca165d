#include "app/deployment.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/json_fields.h"
#include "app/settings.h"
#include "app/topology.h"
#include "kit/base/json.h"
#include "kit/fiber/fiber.h"
#include "kit/http/client.h"
#include "kit/place/child.h"
#include "kit/rpc/contract/breaking.h"
#include "kit/rpc/contract/descriptors.h"

namespace jebi::app {

namespace {

namespace fs = std::filesystem;

constexpr Millis asked_max{2'000};
constexpr Millis written_max{10'000};    // a program's contracts, by itself
constexpr Millis deployed_max{120'000};  // all replicas of a process
constexpr Millis ready_max{15'000};      // who dies during that is started again
constexpr Millis taken_back_max{30'000};
constexpr Millis looked_at_every{50};
constexpr std::size_t findings_max = 10;  // told
constexpr const char* breaks_reason = "contract_breaks";

std::unexpected<Error> refuse(Code code, std::string why, const char* reason) {
    return fail(error(code, std::move(why)).because(reason));
}

Result<std::string> content_of(const std::string& file) {
    std::ifstream in{file, std::ios::binary};
    std::ostringstream all;
    all << in.rdbuf();
    if (in) return all.str();
    return fail(Code::unavailable, "Cannot read " + file + ".");
}

// Runs `binary contracts FILE`, and reads the file.
Result<std::string> contracts_of(const std::string& binary) {
    const fs::path file = fs::temp_directory_path() / ("jebi-contracts-" + Trace::start().id_hex());
    TRY(const auto child,
        place::Child::start(
            {.words = {binary, "contracts", file}, .environment = place::environment(), .sockets = {}},
            [](std::string_view) {}, [] {}));
    const bool ended = child->ended().wait_until(in(written_max));
    auto set =
        ended && child->how_it_ended() == "exit code 0" ? content_of(file) : fail(Code::unavailable, "");
    std::error_code ignored;
    fs::remove(file, ignored);
    if (set) return set;
    return refuse(Code::invalid,
                  binary + " does not say which contracts it keeps: `" + binary +
                      " contracts FILE` failed. Is it a program of jebi?",
                  "no_contracts");
}

Result<void> nothing_breaks(const std::string& before, const std::string& after) {
    TRY(const auto findings, contract::breaking(before, after));
    if (findings.empty()) return {};
    std::string all = "The new contract breaks neighbours that have the old one:";
    for (std::size_t i = 0; i < std::min(findings.size(), findings_max); ++i)
        all += "\n  " + contract::line_of(findings[i]);
    if (findings.size() > findings_max)
        all += "\n  and " + std::to_string(findings.size() - findings_max) + " more";
    return refuse(Code::conflict, std::move(all), breaks_reason);
}

http::Response answer_of(const Result<std::string>& done) {
    json::Writer out;
    out.begin_object().key("message").string(done ? *done : done.error().message);
    if (!done) out.key("reason").string(done.error().reason);
    return http::Response::json(done ? 200 : http::status_of(done.error().code), out.end_object().take());
}

// What was asked for was right, and could not be done: the exit code says so.
Error refused(int status, const std::string& message, const std::string& reason) {
    const bool was_wrong = status >= 400 && status < 500;
    return error(was_wrong ? Code::invalid : Code::internal, message).because(reason);
}

}  // namespace

Verb deploy_verb() {
    return {
        .name = "deploy",
        .help = "Replace the running process of a module by a new program, without a failed request",
        .arguments = {{.name = "MODULE", .help = "Such as tweets", .required = true},
                      {.name = "--binary", .help = "The new program [the file that runs, as it is now]"}}};
}

Result<void> deploy(const CommandLine& line, const place::Settings& settings) {
    const std::string binary = line.argument("--binary");
    json::Writer question;
    question.begin_object().key("module").string(line.argument("MODULE"));
    question.key("binary").string(binary.empty() ? "" : fs::absolute(binary).string()).end_object();
    TRY(const auto at, contracts_address(settings, "supervisor"));
    http::Client client{{.address = at}};
    const auto answer = client.send(
        {.method = http::Method::post, .target = "/deploy", .body = question.take()}, in(deployed_max));
    if (!answer)
        return refuse(Code::unavailable,
                      "Nobody supervises on " + settings.text("data") +
                          ": `jebi up FILE` does. --data DIR names another folder.",
                      "no_supervisor");
    TRY(const auto said, json::parse(answer->body));
    const std::string message = text_of(said, "message");
    if (answer->status != 200) return fail(refused(answer->status, message, text_of(said, "reason")));
    std::printf("%s\n", message.c_str());
    return {};
}

Deployments::Deployments(place::Supervisor& supervisor, const place::Topology& topology,
                         std::vector<place::ChildPlan> plans, Probation probation)
    : supervisor_(supervisor), topology_(topology), plans_(std::move(plans)), probation_(probation) {}

void Deployments::bind(http::Router& router) {
    router.on(http::Method::post, "/deploy", [this](const http::Request& request) {
        const auto asked = json::parse(request.body);
        if (!asked) return answer_of(std::unexpected(asked.error()));
        return answer_of(deploy(text_of(*asked, "module"), text_of(*asked, "binary")));
    });
}

Result<std::string> Deployments::deploy(const std::string& module, const std::string& binary) {
    const auto* process = topology_.host_of(module);
    if (process == nullptr) {
        std::vector<std::string> names;
        for (const place::KnownModule& known : known_modules())
            names.push_back(known.name);
        const auto meant = place::nearest(module, names);
        return refuse(Code::not_found,
                      "No process hosts a module \"" + module + "\"." +
                          (meant ? " Did you mean \"" + *meant + "\"?" : ""),
                      "no_module");
    }
    if (busy_.exchange(true)) return refuse(Code::conflict, "Another deployment goes on.", "busy");
    Result<void> done;
    for (place::ChildPlan& plan : plans_) {
        if (done && process_of(topology_, plan.name) == process) done = replace(plan, binary);
    }
    busy_ = false;
    if (!done) return fail(std::move(done.error()));
    return "The process \"" + process->name +
           "\" is replaced: " + (binary.empty() ? "the same program" : binary) + " serves now.";
}

Result<void> Deployments::replace(place::ChildPlan& plan, const std::string& binary) {
    place::ChildPlan next = plan;
    if (!binary.empty()) next.command.front() = binary;
    TRY_VOID(keeps_contracts(plan.name, next.command.front()));
    TRY_VOID(supervisor_.replace(plan.name, next));
    if (auto well = stands_probation(plan.name); !well) {
        TRY_VOID(take_back(plan));
        return refuse(
            Code::unavailable,
            "\"" + plan.name + "\" is not replaced: " + well.error().message + " The old one runs again.",
            "rolled_back");
    }
    plan = std::move(next);
    return {};
}

// The new one may just be about to start again.
Result<void> Deployments::take_back(const place::ChildPlan& plan) {
    const Deadline until = in(taken_back_max);
    auto done = supervisor_.replace(plan.name, plan);
    while (!done && done.error().reason == "not_ready" && in(Millis{0}) < until) {
        fiber::sleep_until(in(looked_at_every));
        done = supervisor_.replace(plan.name, plan);
    }
    return done;
}

// Where nothing runs there is nothing that a new contract could break.
Result<void> Deployments::keeps_contracts(const std::string& name, const std::string& binary) const {
    const auto* process = process_of(topology_, name);
    const bool has_contracts = std::ranges::any_of(
        process->modules, [](const std::string& module) { return !known_module(module).has_pages; });
    if (!has_contracts || !child(name)) return {};
    TRY(const std::string before, ask(name, "/contracts.binpb"));
    TRY(const std::string after, contracts_of(binary));
    return nothing_breaks(before, after);
}

bool Deployments::becomes_ready(const std::string& name) const {
    const Deadline until = in(ready_max);
    while (in(Millis{0}) < until) {
        const auto status = child(name);
        if (status && status->state == place::ChildState::ready) return true;
        fiber::sleep_until(in(looked_at_every));
    }
    return false;
}

Result<void> Deployments::stands_probation(const std::string& name) const {
    if (!becomes_ready(name)) return fail(Code::unavailable, "the new one does not get ready.");
    const Deadline until = in(probation_.lasts);
    while (in(Millis{0}) < until) {
        fiber::sleep_until(in(probation_.every));
        const auto status = ask(name, "/status");
        const auto said = status ? json::parse(*status) : fail(status.error());
        if (!said) return fail(Code::unavailable, "the new one does not answer.");
        const json::Value* work = said->find("work");
        if (work == nullptr) continue;
        const double asked = number_of(*work, "per_second").value_or(0);
        const double failed = number_of(*work, "errors_per_second").value_or(0);
        if (asked >= probation_.asked_per_s_min && failed > asked * probation_.failed_share_max)
            return fail(Code::unavailable, "of what the new one was asked " +
                                               std::to_string(static_cast<int>(100 * failed / asked)) +
                                               " % failed.");
    }
    return {};
}

// Only while it runs.
std::optional<place::ChildStatus> Deployments::child(const std::string& name) const {
    const auto all = supervisor_.status();
    const auto found = std::ranges::find(all, name, &place::ChildStatus::name);
    if (found == all.end() || found->pid < 0) return std::nullopt;
    return *found;
}

Result<std::string> Deployments::ask(const std::string& name, const std::string& target) const {
    const auto status = child(name);
    if (!status || status->control.empty())
        return fail(Code::unavailable, "\"" + name + "\" does not run, or has no control socket.");
    TRY(const auto at, fiber::Address::from(status->control));
    http::Client client{{.address = at}};
    TRY(auto answer, client.send({.target = target}, in(asked_max)));
    if (answer.status != 200)
        return fail(Code::unavailable,
                    "\"" + name + "\" answers " + std::to_string(answer.status) + " to " + target + ".");
    return std::move(answer.body);
}

}  // namespace jebi::app
