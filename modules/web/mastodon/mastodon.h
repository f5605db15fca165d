// The client API of Mastodon (https://docs.joinmastodon.org/client/), so that the apps people have on their
// phones and desks work with jebi: they find it, get a token, read, write and listen.
//
// Tweets are its statuses and people its accounts, told apart by the same ids. What jebi does not have
// (lists, filters, polls, pictures in tweets, content warnings, posts for few) is answered as an empty list
// where clients only look, and refused where somebody would believe that it was done.
#pragma once

#include <vector>

#include "modules/web/api/operation.h"
#include "modules/web/binder.h"

namespace jebi::web::mastodon {

// For api::bind(), together with ours.
std::vector<api::Operation> operations();

// Binds what is no operation: the page on which people let a program act for them, and pictures. Router and
// site outlive what is bound; `failed` is told about errors inside.
void bind(http::Router& router, const Site& site, Failed failed);

}  // namespace jebi::web::mastodon
