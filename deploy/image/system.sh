#!/bin/sh
# Takes out of a Debian what a running service has no use for, and a burglar has: package managers,
# Perl, tools of the administrator, and libraries that only they load. /var/lib/dpkg/status stays,
# so that a scanner still sees what the image is made of.
set -eu
lib=$(echo /usr/lib/*-linux-gnu)

rm -rf /usr/sbin/* /root/.cache /usr/games /usr/lib/apt /usr/lib/dpkg /usr/lib/systemd /usr/lib/init \
  /usr/lib/udev /usr/lib/terminfo /usr/lib/tmpfiles.d /usr/share/python-wheels /usr/share/perl* /usr/share/zoneinfo/right \
  /usr/share/zoneinfo/posix /usr/share/doc /usr/share/man /usr/share/info /usr/share/locale \
  /usr/share/bash-completion /usr/share/debconf /usr/share/lintian /usr/share/keyrings \
  /usr/share/bug /usr/share/gcc /usr/share/gdb /usr/share/pam* /usr/share/polkit-1 \
  /var/lib/dpkg/info /var/lib/apt /var/cache/* /var/log/* /etc/apt /etc/pip.conf
rm -rf "$lib"/perl* "$lib"/gconv "$lib"/security "$lib"/audit "$lib"/e2fsprogs
for name in apt-pkg apt-private db-5 gnutls hogweed nettle p11-kit gcrypt gpg-error sepol semanage \
  systemd udev unistring gmp ext2fs e2p mount blkid fdisk smartcols krb5 k5crypto gssapi_krb5 \
  pam pamc pam_misc xxhash seccomp audit cap-ng debconfclient; do
  rm -f "$lib/lib$name".so* "$lib/lib$name"-*.so*
done
# Of the commands those stay that one looks around with.
cd /usr/bin
for command in *; do
  case $command in
    sh | dash | env | python3* | cat | cp | date | df | du | grep | head | id | ls | mkdir | mv | printf \
      | ps | rm | sed | sleep | sort | stat | tail | test | touch | true | false | uname | wc) ;;
    *) unneeded="${unneeded:-} $command" ;;
  esac
done

# Written once, and not by every process that starts: the disk is read-only then.
for python in /usr/lib/python3.* /usr/local/lib/python3.*; do
  [ -d "$python" ] || continue
  cd "$python"
  rm -rf ensurepip idlelib lib2to3 pydoc_data test tkinter turtledemo turtle.py config-3* \
    site-packages/pip* site-packages/setuptools* site-packages/pkg_resources \
    site-packages/_distutils_hack site-packages/distutils-precedence.pth site-packages/wheel*
  python3 -m compileall -q --invalidation-mode unchecked-hash .
done
cd /usr/bin
# shellcheck disable=SC2086
exec rm -f $unneeded
