// A program that this process has started: its sockets, what it says, and how it ends.
//
// It inherits listening sockets as inherited.h reads them, nothing else but standard output and error, which
// come back here line by line, and nothing to read. It stands in a process group of its own, so that Ctrl-C
// reaches it through whoever started it only. When this process dies, however, the kernel sends it SIGTERM.
#pragma once

#include <sys/types.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kit/base/result.h"
#include "kit/fiber/fiber.h"

namespace jebi::place {

inline constexpr std::size_t line_bytes_max = 4096;  // a longer line comes in pieces

struct ChildCommand {
    std::vector<std::string> words;  // the program first: a path, or a name that is looked up in PATH
    std::map<std::string, std::string> environment;
    struct Socket {
        std::string name;
        int number;  // of the descriptor, which stays the caller's
    };
    std::vector<Socket> sockets;
};

// Thread-safe.
class Child {
public:
    // `unavailable` when the program cannot be started; the message says why. Both functions are called on a
    // thread of the child's: with each line, and once it has ended.
    static Result<std::unique_ptr<Child>> start(const ChildCommand& command,
                                                std::function<void(std::string_view line)> on_line,
                                                std::function<void()> on_end);
    // Kills it when it still runs, and waits.
    ~Child();

    pid_t pid() const;
    void signal(int number) const;  // nothing happens when it has ended
    const fiber::Event& ended() const;
    // Once it has ended: "exit code 1", "killed by signal 9".
    std::string how_it_ended() const;

private:
    struct State;
    explicit Child(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace jebi::place
