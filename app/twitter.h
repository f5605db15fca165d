// The Twitter clone: its modules, wired together. What is called through a contract goes through a
// Local wrapper, so that a call inside this process is counted and bounded like one to another.
#pragma once

#include <memory>

#include "kit/place/process.h"
#include "kit/place/settings.h"

namespace jebi::accounts {
class Accounts;
}
namespace jebi::tweets {
class Tweets;
}
namespace jebi::timelines {
class Timelines;
}
namespace jebi::search {
class Search;
}

namespace jebi::app {

class Twitter {
public:
    // Brings the tables up to date. `process` outlives this.
    static Result<std::unique_ptr<Twitter>> open(place::Process& process, const place::Settings& settings);
    // Ends as end(now): jobs and requests must not outlive the modules.
    ~Twitter();

    // Starts the jobs that make derived data of what happens: home timelines, notifications, what is found.
    void derive();
    // Answers requests and starts all background jobs.
    Result<void> serve(const place::Settings& settings);
    // Requests in flight end, then jobs. True: nothing had to be cut.
    bool end(Deadline until);
    // Fills in people and tweets; nothing when there are people already. What to tell the person who asked.
    Result<std::string> fill_with_demo();
    timelines::Timelines& timelines();
    search::Search& search();

private:
    struct Modules;
    void forget_who_left();
    void sweep();
    void follow_events();
    void open_operator_door(const place::Settings& settings);
    explicit Twitter(std::unique_ptr<Modules> modules);
    std::unique_ptr<Modules> modules_;
};

}  // namespace jebi::app
