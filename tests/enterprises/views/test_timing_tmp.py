import statistics,time
import pytest
from tests.enterprises.views.test_registration import *
from tests.enterprises.views.test_registration import _in_english
@pytest.mark.django_db
def test_t(capsys):
    MembershipFactory(enterprise__uscc=CODE)
    out={"new":[],"taken":[]}
    for n in range(30):
        for kind,code in (("new",credit_code(72000+n)),("taken",CODE)):
            c=PageClient(); u=UserFactory(name="Li"); c.force_login(u); drafts.save(u,"registration",{**ANSWERS,"uscc":code}); t=form_token(c)
            a=time.perf_counter(); submit(c,t); out[kind].append(time.perf_counter()-a)
    print({k:round(statistics.median(v)*1000,1) for k,v in out.items()})
    assert 0
