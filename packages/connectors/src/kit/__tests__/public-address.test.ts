import { describe, expect, test } from 'vitest';
import { createResolve } from '../egress-policy.ts';
import { isPublicAddress } from '../public-address.ts';

const refused = `
  0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1 127.1.2.3
  127.255.255.255 169.254.0.1 169.254.169.254 169.254.170.2 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.170 192.0.2.1
  192.88.99.1 192.168.0.1 192.168.255.255 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.255
  240.0.0.1 255.255.255.255 168.63.129.16
  :: ::1 ::127.0.0.1 ::10.0.0.1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:8.8.8.8
  ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::8.8.8.8 64:ff9b:1::1 100::1 2001::1 2001:0:53aa:64c:0:0:80ff:fffe
  2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2001:db8:ffff::1 2002:7f00:1::1 2002:a00:1:: 3fff::1 4000::1 5f00::1
  fc00::1 fd00::1 fd00:ec2::254 fdff::1 fe80::1 fe80::1%eth0 febf::1 fec0::1 ff02::1 ff0e::1`
  .trim()
  .split(/\s+/);

const permitted = `
  1.1.1.1 8.8.8.8 9.9.9.9 11.0.0.1 100.63.255.255 100.128.0.1 126.255.255.255 128.0.0.1 169.253.255.255 172.15.255.255
  172.32.0.1 191.255.255.255 192.0.1.1 192.167.255.255 192.169.0.1 198.17.255.255 198.20.0.1 203.0.112.1 223.255.255.255
  2000::1 2001:200::1 2001:4860:4860::8888 2400:cb00::1 2606:4700:4700::1111 2a00:1450::1 2a02:26f0::1 2003::1 3ffe::1`
  .trim()
  .split(/\s+/);

// Everything getaddrinfo or the URL parser takes for an address although it does not look like one.
const disguised = `
  0x7f000001 2130706433 0177.0.0.1 127.1 0x7f.1 017700000001 10.1 0xa9fea9fe 2852039166 [::1] [::ffff:7f00:1] [::]
  localhost. LOCALHOST`
  .trim()
  .split(/\s+/);

describe('addresses that users may name', () => {
  test.each(refused)('%s is refused', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  test.each(permitted)('%s is permitted', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  test.each(['', 'example.com', '1.2.3', '1.2.3.4.5', '256.1.1.1', ':::1', '[::1]'])(
    '%j is no address',
    (text) => {
      expect(isPublicAddress(text)).toBe(false);
    },
  );

  test.each(disguised)('%s does not get through the guard in disguise', async (host) => {
    const resolve = createResolve({ allow: [], deny: [] });
    await expect(resolve(host, 80)).rejects.toMatchObject({
      // Some systems do not know the spelling at all: then it is not found, which is as good.
      message: expect.stringMatching(/not public|was not found|has no address/),
    });
  });
});
