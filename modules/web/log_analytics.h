// The one line: what log-analytics learns about each request to the pages and the API.
//
//     log_analytics(site, request, answered);
//
// stands in one place (door.cpp), and nothing else here knows the service. The call makes a line of JSON and
// puts it into a queue in memory: some 2 us of its caller's time, without waiting, failing or throwing,
// whatever the state of the service. A job (delivery.h) takes it from there.
//
// What a line tells, as far as it is known:
//     ts           when the request ended: ISO 8601
//     event_id     128 random bits in hex: the service takes each id once, however often it arrives
//     service      "jebi"
//     ip           the client's address
//     method, originalUrl, route
//                  "GET", "/users/minji?page=2", "/users/{name}". Of a query only what one turns pages by is
//                  told; tokens and codes in addresses are no business of a log's.
//     status, latency_ms
//     userID, user who was signed in: the id as text, and the name
//     user_agent, referer
//                  the referer without its query; both cut at some length
//     trace_id     as error pages and the operator's log show it
//
// Lost is only what a crash (kill -9) finds in the queue and in the batch that is on its way: what came in
// the last 0.4 s, or 1.4 s while the service is silent (delivery.h), and never more than the queue holds; and
// what is beyond the bounds of queue and spool, which is counted.
#pragma once

#include "kit/http/message.h"

namespace jebi::web {

struct Site;
struct Answered;

void log_analytics(const Site& site, const http::Request& request, const Answered& answered) noexcept;

}  // namespace jebi::web
