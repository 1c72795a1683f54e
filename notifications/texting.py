"""Text messages by Aliyun (阿里云短信服务): which number takes one, what it says, and the signed request.

A message is a template the provider has approved, filled with two words: the reference of the matter and what
happened (`reference`, `what`). Nothing else leaves the house. Signature V3 and the codes below stand in the
provider's manual: 阿里云 OpenAPI V3 版本请求体和签名机制; 短信服务 API SendSms 2017-05-25.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from core import text

ALGORITHM = "ACS3-HMAC-SHA256"
VERSION, ACTION = "2017-05-25", "SendSms"
WORD_LENGTH = 20
_MOBILE = re.compile(r"1[3-9]\d{9}")
# Pass by themselves: limits of the minute, the hour and the day, and the provider's own trouble.
FOR_NOW = {"isv.BUSINESS_LIMIT_CONTROL", "isv.DAY_LIMIT_CONTROL", "isp.SYSTEM_ERROR"}
# The account is in trouble: no message would fare better.
DOWN = {
    "isv.AMOUNT_NOT_ENOUGH",
    "isv.OUT_OF_SERVICE",
    "isv.PRODUCT_UNSUBSCRIBE",
    "isv.PRODUCT_UN_SUBSCRIPT",
    "isv.ACCOUNT_NOT_EXISTS",
    "isv.ACCOUNT_ABNORMAL",
    "isp.RAM_PERMISSION_DENY",
}
_SIGN_IN = (
    "SignatureDoesNotMatch",
    "InvalidAccessKeyId",
    "Forbidden",
    "InvalidTimeStamp",
    "IncompleteSignature",
)


@dataclass(frozen=True)
class Account:
    """The account with the provider; `template_en` is '' where everybody reads Chinese."""

    key_id: str
    secret: str
    base: str
    sign_name: str
    template: str
    template_en: str

    def template_for(self, language: str) -> str:
        return (self.template_en if language == "en" else "") or self.template


def account(url: str) -> Account | None:
    """Read `aliyun://KEY_ID:SECRET@dysmsapi.aliyuncs.com/?sign=…&template=SMS_…&template_en=SMS_…`.

    '' is none. `aliyun+http://` is for a server on this machine. Raises ImproperlyConfigured that names what
    is missing.
    """
    if not url:
        return None
    parts = urlsplit(url)
    given = dict(parse_qsl(parts.query))
    schemes = {"aliyun": "https", "aliyun+http": "http"}
    wanted = (parts.username, parts.password, parts.hostname, given.get("sign"), given.get("template"))
    if parts.scheme not in schemes or not all(wanted):
        raise ImproperlyConfigured("SMS_URL: write aliyun://KEY_ID:SECRET@host/?sign=…&template=SMS_…")
    return Account(
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        f"{schemes[parts.scheme]}://{parts.netloc.rpartition('@')[2]}",
        given["sign"],
        given["template"],
        given.get("template_en", ""),
    )


def mobile(number: str) -> str:
    """Return a mobile number of mainland China in digits; '' for any other."""
    digits = text.phone(number)
    return digits if _MOBILE.fullmatch(digits) else ""


def query(to: Account, number: str, language: str, *, reference: str, what: str) -> dict[str, str]:
    """Return the parameters of one message."""
    words = {"reference": reference[:WORD_LENGTH] or "–", "what": what[:WORD_LENGTH]}
    return {
        "PhoneNumbers": number,
        "SignName": to.sign_name,
        "TemplateCode": to.template_for(language),
        "TemplateParam": json.dumps(words, ensure_ascii=False),
    }


def signed(
    host: str,
    given: Mapping[str, str],
    *,
    key_id: str,
    secret: str,
    at: datetime,
    nonce: str,
    action: str = ACTION,
    version: str = VERSION,
) -> tuple[str, dict[str, str]]:
    """Return query string and headers of a signed POST without a body (signature V3); `at` is in UTC."""
    line = "&".join(f"{_escaped(name)}={_escaped(given[name])}" for name in sorted(given))
    body = hashlib.sha256(b"").hexdigest()
    headers = {
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": body,
        "x-acs-date": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "x-acs-signature-nonce": nonce,
        "x-acs-version": version,
    }
    names = ";".join(headers)
    head = "".join(f"{name}:{value}\n" for name, value in headers.items())
    asked = hashlib.sha256("\n".join(["POST", "/", line, head, names, body]).encode()).hexdigest()
    mark = hmac.new(secret.encode(), f"{ALGORITHM}\n{asked}".encode(), hashlib.sha256).hexdigest()
    sign = f"{ALGORITHM} Credential={key_id},SignedHeaders={names},Signature={mark}"
    return line, {**headers, "Authorization": sign}


def is_for_now(code: str) -> bool:
    """Tell whether a refusal passes by itself."""
    return code in FOR_NOW or code.startswith(("Throttling", "ServiceUnavailable", "InternalError"))


def is_account_in_trouble(code: str) -> bool:
    return code in DOWN or code.startswith(_SIGN_IN)


def code_of(body: Mapping[str, Any]) -> str:
    """Return the code of an answer: OK, or why not."""
    return str(body.get("Code") or "no code")


def _escaped(value: str) -> str:
    return quote(value, safe="-_.~")
