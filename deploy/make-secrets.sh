#!/bin/sh
# Makes the secrets of docker-compose.yml: random ones, and a certificate for
# trying out. What is there is kept.
#
#   sudo sh deploy/make-secrets.sh HOST [FOLDER]
set -eu
umask 077

if [ $# -lt 1 ] || [ $# -gt 2 ] || [ -z "$1" ]; then
	echo "usage: make-secrets.sh HOST [FOLDER]   (HOST: the name or address that people type)" >&2
	exit 2
fi
host=$1
dir=${2:-$(dirname "$0")/secrets}

# Compose mounts a file as it is: 0600 and somebody else's cannot be read.
if [ "$(id -u)" -ne 0 ]; then
	echo "make-secrets.sh: run it as root: each file is given to the container user that reads it" >&2
	exit 1
fi
program=65532 mongo=999 nginx=101

mkdir -p "$dir"
chmod 0700 "$dir"

# put NAME OWNER: standard input becomes the file, whole or not at all.
put() {
	cat >"$dir/.new"
	test -s "$dir/.new"
	chown "$2:$2" "$dir/.new"
	mv "$dir/.new" "$dir/$1"
	echo "made $dir/$1"
}
missing() { test ! -s "$dir/$1"; }
random() { openssl rand -hex 24; }

if missing mongo_keyfile; then openssl rand -base64 741 | put mongo_keyfile $mongo; fi
if missing mongo_root_password; then random | put mongo_root_password $mongo; fi
if missing mongo_app_password; then
	random | put mongo_app_password $mongo
	rm -f "$dir/mongodb_uri" # it had the old one
fi
if missing mongodb_uri; then
	# Hexadecimal: nothing to escape.
	printf 'mongodb://sipas:%s@mongo-1:27017,mongo-2:27017,mongo-3:27017/sipas?replicaSet=sipas&authSource=sipas\n' \
		"$(cat "$dir/mongo_app_password")" | put mongodb_uri $program
fi
if missing admin_password; then random | put admin_password $program; fi
if missing metrics_token; then random | put metrics_token $program; fi

if missing tls_key || missing tls_certificate; then
	case $host in
	*:* | *[0-9].[0-9]*.[0-9]*.[0-9]*) name="IP:$host" ;;
	*) name="DNS:$host" ;;
	esac
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 90 \
		-subj "/CN=sipas, for trying out" -addext "subjectAltName=$name" \
		-keyout "$dir/.key" -out "$dir/.certificate" 2>/dev/null
	put tls_key $nginx <"$dir/.key"
	put tls_certificate $nginx <"$dir/.certificate"
	rm -f "$dir/.key" "$dir/.certificate"
	echo "The certificate signs itself and is for trying out, 90 days. Put the office's own in its place:"
	echo "  $dir/tls_certificate (with its chain) and $dir/tls_key, owner $nginx, mode 0600"
fi
echo "The first admin account's password is in $dir/admin_password"
