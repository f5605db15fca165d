// Binds pages and forms: opens the visit, checks the form, shows what went wrong.
#pragma once

#include <functional>
#include <string>

#include "kit/http/multipart.h"
#include "modules/web/door.h"
#include "modules/web/pages.h"

namespace jebi::web {

using PageFunction = std::function<Shown(const Site&, Visit&)>;
using FormFunction = std::function<Shown(const Site&, Visit&, const Form&)>;
using ActFunction = std::function<Shown(const Site&, Visit&, const Form&, Act)>;
using UploadFunction = std::function<Shown(const Site&, Visit&, const http::Multipart&)>;
using Failed = std::function<void(const http::Request&, const Error&)>;

class Binder {
public:
    // The router and the site outlive it and what it binds. `failed` is told about errors inside.
    Binder(http::Router& router, const Site& site, Failed failed)
        : router_(router), door_(router, site), site_(site), failed_(std::move(failed)) {}

    // GET.
    void page(std::string pattern, PageFunction function);
    // POST. Only forms of our own pages get to the function: `forbidden` (csrf) for all others.
    void form(std::string pattern, FormFunction function);
    // POST, and DELETE, which unsets. As form(); a script may send the token in the field X-CSRF-Token.
    void act(const std::string& pattern, const ActFunction& function);
    // POST of a form with one file of at most so many bytes. As form().
    void upload(const std::string& pattern, std::size_t file_bytes_max, UploadFunction function);
    // What no route matches.
    void otherwise();
    // What a route matches, with another method.
    void wrong_method();
    // What throws.
    void failure();

private:
    using Sent = std::function<Shown(Visit&, const Form&)>;
    void sent(http::Method method, std::string pattern, Sent function);
    Answered visited(const http::Request& request, const std::function<Shown(Visit&)>& function) const;

    http::Router& router_;
    Door door_;
    const Site& site_;
    Failed failed_;
};

}  // namespace jebi::web
