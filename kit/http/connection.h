// One connection of a server: reads requests, has them handled, writes the answers in their order.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kit/fiber/socket.h"
#include "kit/http/answer.h"
#include "kit/http/request_reader.h"
#include "kit/http/server.h"
#include "kit/http/upgrade.h"

namespace jebi::http {

// What all connections of a server share.
struct Service {
    ServerOptions options;
    std::function<Response(Request&)> handler;
    AlwaysFields always{options.always};
    std::atomic<bool> stopping = false;
    mutable std::atomic<std::size_t> handshakes = 0;  // of TLS, under way
};

class Connection;

// What the connections of one loop share; used on that loop's thread only.
struct LoopShare {
    DateLine date{};
    std::vector<Connection*> connections{};
};

class Connection {
public:
    // Stands in `share` as long as it lives. All but the socket must outlive it.
    Connection(const Service& service, LoopShare& share, fiber::Socket socket);
    ~Connection();
    Connection(const Connection&) = delete;

    // Serves until either side ends it.
    void run();
    // Answers 503, and ends; without a word where it would take a handshake first.
    void turn_away();

    // On the loop's thread, from another fiber, as the next two: the server is stopping. Ends a stream that
    // waits for its time; one that was upgraded is told.
    void say_goodbye();
    // Ends the connection when it has waited for a request since before `then`. Since when it waits, when it
    // still does.
    std::optional<Deadline> end_if_unused_since(Deadline then);
    // Ends it whatever it does.
    void cut() { socket_.cancel(); }

private:
    class Stream;

    bool shake_hands();
    bool await_request();
    bool read_more(Stage stage);
    bool refuse(const Refusal& why);
    bool answer();
    bool goes_on() const;
    void prepare(Request& request) const;
    Response handled(Request& request) const;
    void finish(const Request& request, Response& response) const;
    bool send(const Request& request, const Response& response, bool keep_alive);
    bool send_stream(const Request& request, const Response& response);
    bool send_raw(const Request& request, const Response& response, Deadline since);
    bool upgrade(const Request& request, const Response& response, Deadline since);
    template <typename Serve>
    bool without_throwing(const Request& request, Serve serve) const;
    void append_answer_head(const Request& request, const Response& response, bool keep_alive);
    bool send_body(std::string_view body);
    bool flush();
    void linger();
    void tell(const Served& served) const;
    void tell_mistake(const Request& request, std::string_view what) const;

    const Service& service_;
    const Limits& limits_;
    LoopShare& share_;
    fiber::Socket socket_;
    RequestReader reader_;
    Deadline now_ = std::chrono::steady_clock::now();  // of the last wait or handler: asking the clock costs
    std::string out_;                                  // answers that are not written yet
    Deadline out_since_{};                             // when the first of them came
    Stage timed_stage_ = Stage::whole;
    Deadline stage_until_{};      // of timed_stage_
    std::size_t sent_bytes_ = 0;  // of this answer's body
    Upgraded* upgraded_ = nullptr;
    Deadline unused_since_ = now_;
    bool ended_ = false;      // by say_goodbye() or end_if_unused_since()
    bool is_unused_ = true;   // waits for a request: may be ended
    bool in_stream_ = false;  // waits there for its time: may be ended
    bool answered_ = false;   // something was written, so closing must be gentle
};

}  // namespace jebi::http
