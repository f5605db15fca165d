#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>

#include "bench/load.h"
#include "bench/placement/parts.h"
#include "bench/placement/plot.h"

namespace jebi::bench {

namespace {

constexpr const char* head = R"html(<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>What microservices buy and what they cost</title>
<style>
:root { --page: #f6f7f9; --card: #fff; --ink: #16202b; --soft: #5b6876; --line: #dfe4ea; --a: #2f6fde; --b: #e0752d;
  --good: #1d7f4d; --bad: #c0392b; --rest: #eceff3; --yes: #cdebd9; --half: #fbe8b8; --no: #f6cfca;
  --c0: #2f6fde; --c1: #e0752d; --c2: #2a9d8f; --c3: #8e5bd0; --c4: #d64f7f; --c5: #c9a227; --c6: #5aa9e6; --c7: #7a9e3f; --c8: #9aa5b1; --c9: #b5714c; }
@media (prefers-color-scheme: dark) { :root { --page: #10151b; --card: #18202a; --ink: #e7ecf2; --soft: #9aa8b8; --line: #2b3643;
  --a: #6ea3ff; --b: #f39a5b; --good: #5ccb93; --bad: #ff8a7d; --rest: #232e3a; --yes: #1d4a34; --half: #54451a; --no: #5a2a26;
  --c0: #6ea3ff; --c1: #f39a5b; --c2: #4cc2b3; --c3: #b48bf0; --c4: #f07fa6; --c5: #e3c14d; --c6: #8cc8f7; --c7: #a3c768; --c8: #7d8a98; --c9: #d79a75; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 28px 16px 56px; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 6px; letter-spacing: -.01em; }
h2 { font-size: 1.2rem; margin: 40px 0 10px; }
h3 { font-size: 1rem; margin: 0 0 10px; }
p { margin: 0 0 10px; max-width: 46rem; } .soft, figcaption { color: var(--soft); font-size: .88rem; }
.grid { display: grid; gap: 14px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 330px), 1fr)); }
.card, figure { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 16px; margin: 0; min-width: 0; }
.card b { display: block; font-size: 1.65rem; line-height: 1.2; letter-spacing: -.01em; } .card span { color: var(--soft); font-size: .88rem; }
.verdict { display: inline-block; border-radius: 99px; padding: 0 10px; font-size: .82rem; font-weight: 600; margin-top: 6px; }
.met { background: var(--yes); } .unmet { background: var(--no); }
figure svg { display: block; width: 100%; max-width: 420px; height: auto; overflow: visible; } figcaption { margin-top: 8px; }
svg text { font: 12px system-ui, sans-serif; fill: var(--ink); } svg .value { fill: var(--soft); font-size: 11.5px; font-variant-numeric: tabular-nums; }
svg .a { fill: var(--a); } svg .b { fill: var(--b); } svg .rest { fill: var(--rest); }
svg .spread { stroke: var(--ink); stroke-width: 1; fill: none; opacity: .65; } svg .bound { stroke: var(--bad); stroke-width: 1.5; stroke-dasharray: 4 3; fill: none; }
.key { display: flex; flex-wrap: wrap; gap: 4px 16px; font-size: .88rem; color: var(--soft); margin: 0 0 12px; padding: 0; list-style: none; }
.key i { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin-right: 6px; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 12px; background: var(--card); }
table { border-collapse: collapse; width: 100%; font-size: .86rem; } th, td { padding: 6px 10px; text-align: left; border-bottom: 1px solid var(--line); white-space: nowrap; }
td:first-child, th:first-child { white-space: normal; min-width: 11rem; } tr:last-child td { border-bottom: 0; } th { color: var(--soft); font-weight: 600; } td.n { font-variant-numeric: tabular-nums; }
td.as-ever { background: var(--yes); } td.notice { background: var(--half); } td.none { background: var(--no); }
table.map td, table.map th { padding: 4px 7px; } table.map td + td { text-align: center; border-left: 1px solid var(--line); }
code { font: .86em ui-monospace, "DejaVu Sans Mono", monospace; background: var(--rest); border-radius: 5px; padding: 1px 5px; overflow-wrap: anywhere; }
</style></head><body><main>
)html";

std::string first_line_of(const std::string& command) {
    std::FILE* output = ::popen((command + " 2>/dev/null").c_str(), "r");
    char line[300] = {};
    if (output != nullptr && std::fgets(line, sizeof line, output) == nullptr) line[0] = 0;
    if (output != nullptr) ::pclose(output);
    std::string words = line;
    while (words.ends_with('\n'))
        words.pop_back();
    return words;
}

std::string machine() {
    utsname system{};
    ::uname(&system);
    const double gigabytes =
        static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e9;
    return text("%ld cores (%s), %.0f GB, %s %s", ::sysconf(_SC_NPROCESSORS_ONLN),
                first_line_of("sed -n 's/^model name[^:]*: //p' /proc/cpuinfo").c_str(), gigabytes,
                system.sysname, system.release);
}

std::string today() {
    const std::time_t now = std::time(nullptr);
    char date[40] = {};
    std::tm parts{};
    std::strftime(date, sizeof date, "%Y-%m-%d %H:%M UTC", ::gmtime_r(&now, &parts));
    return date;
}

std::string commit() {
    const std::string git = "git -C '" JEBI_SOURCE_FOLDER "' ";
    const std::string id = first_line_of(git + "rev-parse --short=10 HEAD");
    if (id.empty()) return "unknown (no git here)";
    return first_line_of(git + "status --porcelain -- app kit modules").empty() ? id : id + " with changes";
}

// As many digits as say something.
std::string number(double value) {
    return text("%.*f", value >= 100 ? 0 : value >= 10 ? 1 : 2, value);
}

std::string shown(const std::vector<double>& values) {
    if (values.empty()) return "&ndash;";
    const double least = *std::ranges::min_element(values), most = *std::ranges::max_element(values);
    if (values.size() == 1) return number(least);
    return number(median(values)) + " <span class=\"soft\">(" + number(least) + " to " + number(most) +
           ")</span>";
}

class Report {
public:
    explicit Report(const Measured& measured) : measured_(measured) {}

    std::string html(const std::string& again) {
        html_ = head;
        html_ +=
            "<header><h1>What microservices buy and what they cost</h1>"
            "<p>The same modules, once in one process on one database "
            "(<code>topologies/monolith.toml</code>) and once "
            "each in a process with a database of its own (<code>topologies/split.toml</code>): the same "
            "data, "
            "the same load, one after the other in each round of one run.</p><p class=\"soft\">" +
            today() + " &middot; " + escaped(machine()) + " &middot; commit " + escaped(commit()) +
            text(" &middot; load of the machine %.1f before, %.1f after with the benchmark's own<br>",
                 measured_.load_before, measured_.load_after) +
            escaped(measured_.data) + "<br>Again: <code>" + escaped(again) + "</code></p></header>";
        cards();
        costs();
        buys();
        features();
        everything();
        return html_ + "</main></body></html>\n";
    }

private:
    const std::vector<double>& monolith(const std::string& id) const { return values(id, &Figure::monolith); }
    const std::vector<double>& split(const std::string& id) const { return values(id, &Figure::split); }
    const std::vector<double>& values(const std::string& id, std::vector<double> Figure::* of) const {
        static const std::vector<double> none;
        const Figure* figure = measured_.find(id);
        return figure == nullptr ? none : figure->*of;
    }
    double ratio(const std::string& id) const {
        const double of = median(monolith(id));
        return of > 0 ? median(split(id)) / of : 0;
    }
    Pair pair(const std::string& id, const std::string& label) const {
        return {label, monolith(id), split(id)};
    }

    void card(const std::string& value, const std::string& what, const char* id = nullptr) {
        html_ += "<div class=\"card\"><b>" + value + "</b><span>" + escaped(what) + "</span>";
        const Figure* figure = id == nullptr ? nullptr : measured_.find(id);
        if (figure != nullptr && figure->is_met)
            html_ += std::string("<br><span class=\"verdict ") +
                     (*figure->is_met ? "met\">met: " : "unmet\">no: ") + escaped(figure->bar) + "</span>";
        html_ += "</div>";
    }

    void plot(const std::string& title, const std::string& svg, const std::string& caption) {
        html_ += "<figure><h3>" + escaped(title) + "</h3>" + svg + "<figcaption>" + escaped(caption) +
                 "</figcaption></figure>";
    }

    void cards() {
        html_ += "<section class=\"grid\">";
        card(text("%.2f &times;", ratio("json.us")), "CPU of a home read, split to monolith (10 posts, JSON)",
             "json.us");
        card(text("%.2f &times;", ratio("html.us")), "CPU of a home page, split to monolith (20 posts, HTML)",
             "html.us");
        card(split("hop").empty() ? "&ndash;" : number(split("hop").front()) + " us",
             "CPU of one hop with all policies, both ends, 16 in flight", "hop");
        card(text("%.0f /s", median(split("json.rate"))),
             text("home reads a second, split (monolith %.0f), with session, names and blocks, over HTTP; "
                  "DeathStarBench 1,900 to 3,400 on two cores",
                  median(monolith("json.rate"))),
             "json.rate");
        card(text("%.0f /s", median(split("two.rate"))),
             "of these homes by contracts alone, from timelines and tweets: what DeathStarBench measures",
             "two.rate");
        card(text("%.0f %%", median(split("pages"))),
             text("of pages and operations work with a process dead (median of them; monolith: %.0f %%)",
                  median(monolith("pages"))));
        card(split("change").empty() ? "&ndash;" : text("%.1f s", median(split("change"))),
             split("change").empty()
                 ? "from a saved file to an answer by the new code: left out"
                 : text("from a saved file of tweets to an answer by the new code (monolith %.1f s)",
                        median(monolith("change"))));
        html_ += "</section>";
    }

    void key() {
        html_ +=
            "<ul class=\"key\"><li><i style=\"background:var(--a)\"></i>monolith: one process</li><li><i "
            "style=\"background:var(--b)\"></i>split: a process each</li><li>thin line: least to most of the "
            "rounds</li></ul>";
    }

    // One figure of each of the three loads.
    void plot_loads(const std::string& figure, const std::string& title, const char* unit, int digits,
                    const std::string& caption) {
        plot(title,
             paired_bars(title,
                         {pair("json." + figure, "home of 10 posts, JSON"),
                          pair("html." + figure, "home of 20 posts, HTML"),
                          pair("post." + figure, "post to 40 followers, with all that follows")},
                         unit, digits),
             caption);
    }

    void costs() {
        html_ += "<h2>What they cost</h2>";
        key();
        html_ += "<div class=\"grid\">";
        plot_loads("us", "CPU of one request", "us", 0,
                   "All processes of the topology, user and system, until they are at rest again, less what "
                   "they use at rest.");
        plot_loads("rate", "Requests a second, all it can", "/s", 0,
                   "16 connections from the same cores as the servers. A core that others use is missing "
                   "here, not in the CPU.");
        plot_loads("p50", "Waiting, at half of that: p50", "ms", 2,
                   "From the moment a request is due; requests come at half of the rate above.");
        plot_loads("p99", "Waiting, at half of that: p99", "ms", 1, "One answer in a hundred takes longer.");
        by_process();
        plot("Memory",
             paired_bars("Memory",
                         {pair("rest", "at rest after the start"), pair("loaded", "at rest after the load")},
                         "MB", 0),
             "All processes; what they share counts once (PSS).");
        plot("Start", paired_bars("Start", {pair("start", "until all processes are ready")}, "ms", 0),
             "From the start of the supervisor; the first start, which moves the data, does not count.");
        plot("One hop, with all policies",
             paired_bars("Hop",
                         {{"Unix socket, 1 KB, 16 in flight", {}, split("hop")},
                          {"... one in flight", {}, split("hop-alone")}},
                         "us", 1, 25),
             "CPU of both ends: deadline, retry budget, bulkhead, breaker, old answers, the server's limit. "
             "Best of 5 rounds. A home read of 10 posts has six such hops in the split.");
        html_ += "</div>";
    }

    void by_process() {
        std::vector<std::string> names;
        std::vector<Stack> stacks;
        for (const auto& [id, what] :
             {std::pair{"json", "home, JSON"}, std::pair{"html", "home, HTML"}, std::pair{"post", "post"}}) {
            for (const char* topology : {"monolith", "split"}) {
                const auto found = measured_.cpu_by_process.find(std::string(id) + "." + topology);
                if (found == measured_.cpu_by_process.end()) continue;
                Stack stack{.label = std::string(what) + ", " + topology, .parts = {}};
                for (const auto& [name, us] : found->second) {
                    if (us < 1) continue;
                    auto at = std::ranges::find(names, name);
                    if (at == names.end()) at = names.insert(names.end(), name);
                    stack.parts.push_back({name, us, static_cast<int>(at - names.begin()) % 10});
                }
                stacks.push_back(std::move(stack));
            }
        }
        std::string key = "<ul class=\"key\">";
        for (std::size_t i = 0; i < names.size(); ++i)
            key += text("<li><i style=\"background:var(--c%zu)\"></i>", i % 10) + escaped(names[i]) + "</li>";
        plot("Who uses the CPU of a request", key + "</ul>" + stacked_bars("CPU by process", stacks, "us", 0),
             "\"jebi\" is the monolith's process. log-analytics is a process of its own in both.");
    }

    void buys() {
        html_ += "<h2>What they buy</h2><div class=\"grid\">";
        dead();
        if (!split("change").empty()) {
            plot(
                "From a saved file to running code",
                paired_bars("From a saved file to running code",
                            {pair("build", "compile and link (without ccache)"),
                             pair("swap", "jebi deploy, until the new code answers"), pair("change", "both")},
                            "s", 1),
                "modules/tweets/service.cpp saved anew; jebi or jebi-tweets built; deployed under reading "
                "without a failed answer.");
            plot("What is replaced",
                 paired_bars("Program", {pair("size", "program, without debug information")}, "MB", 1) +
                     paired_bars("Modules", {pair("restarted", "modules that start anew")}, "", 0),
                 "One process either way.");
        }
        html_ += "</div>";
        map();
    }

    void dead() {
        std::vector<Stack> stacks{{.label = "the monolith's one process is dead", .parts = {}}};
        for (const std::string& module : measured_.modules) {
            double as_ever = 0, notice = 0;
            for (const Page& page : measured_.pages) {
                as_ever += page.without.at(module) == Works::as_ever ? 1 : 0;
                notice += page.without.at(module) == Works::with_notice ? 1 : 0;
            }
            const double percent = 100.0 / static_cast<double>(measured_.pages.size());
            stacks.push_back({module + " is dead",
                              {{"as ever", as_ever * percent, 2}, {"with a notice", notice * percent, 5}}});
        }
        plot("Pages and operations that still work",
             "<ul class=\"key\"><li><i style=\"background:var(--c2)\"></i>as ever</li><li><i "
             "style=\"background:var(--c5)\"></i>with a notice</li></ul>" +
                 stacked_bars("Share of pages", stacks, "%", 0, 100),
             "Killed, and nobody starts it again meanwhile: the supervisor is held. All pages were read a "
             "moment before, so the answers of then may stand in for half a minute where a contract allows "
             "it.");
    }

    void map() {
        html_ +=
            "<h2>Page by page</h2><p class=\"soft\">&#10003; as ever, &#9680; with a notice (a visitor's "
            "view, everybody's tweets for a home, "
            "a part left out), &ndash; refused in words. A column: the process that is dead.</p><div "
            "class=\"scroll\"><table class=\"map\"><tr><th>page or operation</th>";
        for (const std::string& module : measured_.modules)
            html_ += "<th>" + escaped(module) + "</th>";
        html_ += "</tr>";
        for (const Page& page : measured_.pages) {
            html_ += "<tr><td>" + escaped(page.name) + "</td>";
            for (const std::string& module : measured_.modules) {
                const Works works = page.without.at(module);
                html_ += works == Works::as_ever       ? "<td class=\"as-ever\">&#10003;</td>"
                         : works == Works::with_notice ? "<td class=\"notice\">&#9680;</td>"
                                                       : "<td class=\"none\">&ndash;</td>";
            }
            html_ += "</tr>";
        }
        html_ += "</table></div>";
    }

    void features() {
        html_ +=
            "<h2>Lines of a feature</h2><p>The source is the same for both topologies; what differs is what "
            "must be built and "
            "started anew. A feature's own lines are all lines of its folder; lines elsewhere are those that "
            "name it "
            "(<code>git grep -i -E</code> with the pattern below), documents left out.</p><div "
            "class=\"grid\">";
        for (const Feature& feature : measured_.features) {
            html_ += "<div class=\"card\"><h3>" + escaped(feature.name) +
                     "</h3><div class=\"scroll\"><table><tr><th>where</th><th>files</th><th>lines</th></tr>";
            for (const Feature::Part& part : feature.parts)
                html_ +=
                    "<tr><td>" + escaped(part.where) +
                    text("</td><td class=\"n\">%d</td><td class=\"n\">%d</td></tr>", part.files, part.lines);
            html_ += "</table></div><p class=\"soft\"><code>" + escaped(feature.how) + "</code></p></div>";
        }
        html_ += "</div>";
    }

    void everything() {
        html_ +=
            "<h2>All figures</h2><p class=\"soft\">Median (least to most) of the rounds.</p><div "
            "class=\"scroll\"><table><tr><th>what</th><th>unit</th><th>monolith</th>"
            "<th>split</th><th>ratio</th><th>bar</th><th>met</th></tr>";
        for (const Figure& figure : measured_.figures) {
            const double of = median(figure.monolith);
            html_ += "<tr data-id=\"" + figure.id + "\"><td>" + escaped(figure.what) + "</td><td>" +
                     escaped(figure.unit) + "</td><td class=\"n\">" + shown(figure.monolith) +
                     "</td><td class=\"n\">" + shown(figure.split) + "</td><td class=\"n\">" +
                     (of > 0 && !figure.split.empty() ? number(median(figure.split) / of) : "") +
                     "</td><td>" + escaped(figure.bar) + "</td><td>" +
                     (!figure.is_met   ? ""
                      : *figure.is_met ? "met"
                                       : "<strong>no</strong>") +
                     "</td></tr>";
        }
        html_ += "</table></div>";
    }

    const Measured& measured_;
    std::string html_;
};

}  // namespace

void write_report(const Settings& settings, const Measured& measured, const std::string& again) {
    const std::filesystem::path file{settings.report};
    std::error_code ignored;
    if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), ignored);
    std::ofstream out{file};
    out << Report{measured}.html(again);
    if (out.flush()) return;
    std::fprintf(stderr, "bench: cannot write %s\n", settings.report.c_str());
    std::_Exit(1);
}

}  // namespace jebi::bench
