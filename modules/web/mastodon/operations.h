// The operations by what they are about, and a short way to write one down.
#pragma once

#include <vector>

#include "modules/web/api/operation.h"

namespace jebi::web::mastodon {

using api::Access;
using api::Answer;
using api::Asked;
using api::Operation;
using api::Parameter;
using Kind = api::Parameter::Kind;

std::vector<Operation> instance_operations();
std::vector<Operation> token_operations();
std::vector<Operation> account_operations();
std::vector<Operation> relationship_operations();
std::vector<Operation> status_operations();
std::vector<Operation> status_act_operations();
std::vector<Operation> timeline_operations();
std::vector<Operation> notification_operations();
std::vector<Operation> search_operations();
std::vector<Operation> absent_operations();

// What one operation is, but for its errors, which are Mastodon's.
struct Told {
    std::string_view pattern;
    std::string_view id;
    std::string_view summary;
    api::Function function;
    std::string_view scope{};
    std::string_view reply{};
    std::vector<Parameter> parameters{};
};
// GET, for anybody: what is public here is public there.
Operation reading(std::string_view tag, Told told);
// GET, for a person: their own.
Operation own(std::string_view tag, Told told);
// POST, PUT, PATCH or DELETE, by a person.
Operation acting(http::Method method, std::string_view tag, Told told);

// `more` and what every list takes (paging.h).
std::vector<Parameter> paged(std::vector<Parameter> more = {});

}  // namespace jebi::web::mastodon
