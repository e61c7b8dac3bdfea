#!/bin/sh
# Make sure that a browser, Chinese fonts and gettext are there; print the browser's path.
set -eu
find_browser() { command -v chromium || command -v chromium-browser || command -v google-chrome || true; }
missing=""
[ -n "$(find_browser)" ] || missing="$missing chromium"
command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=zh-cn 2>/dev/null | head -n 1)" ] || missing="$missing fonts-noto-cjk fontconfig"
command -v xgettext >/dev/null 2>&1 || missing="$missing gettext"
if [ -n "$missing" ]; then
    sudo=""
    [ "$(id -u)" = 0 ] || sudo="sudo -n"
    export DEBIAN_FRONTEND=noninteractive
    { $sudo apt-get update -q && $sudo apt-get install -y -q --no-install-recommends $missing; } >&2 || {
        echo "Please install:$missing" >&2
        exit 1
    }
fi
find_browser
