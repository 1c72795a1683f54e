import os, time, json, sys
import pytest
from tests.browser.rounds import *
from tests.browser.chromium import AXE
from tests.portal.world import build
pytestmark=[pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SRC=AXE.read_text()
RUN="() => axe.run(document, {resultTypes:['violations'], preload:false, rules:{'target-size':{enabled:true}}})"
def axe(page):
    page.evaluate(SRC)
    r=page.evaluate(RUN)
    return [f"{v['id']}: {n['target']} {n['html'][:160]} :: {n.get('failureSummary','')[:140]!r}" for v in r['violations'] for n in v['nodes']]
@pytest.mark.parametrize("role", os.environ["ROLES"].split(","))
@pytest.mark.parametrize("language", os.environ.get("LANGS","zh-hans,en").split(","))
def test_x(live_server,new_page,role,language,settings):
    t0=time.time()
    world=build(); speak(world,role,language)
    paths=list(readable(world,role,language,os.environ.get("ROOMS","/").split(",")))
    print("\n==",role,language,len(paths),"prep",round(time.time()-t0,1))
    page=new_page(viewport=DESKTOP); come_in(page,live_server.url,world.client(role))
    out={}; titles={}
    for p in paths:
        page.set_viewport_size(DESKTOP)
        page.goto(live_server.url+p)
        if role+language in os.environ.get("SHOTS",""):
            n=p.strip("/").replace("/","_") or "home"
            page.screenshot(path=f"/tmp/browser/shots/{role}-{language}-{n}-1440.png",full_page=True)
        unfold(page)
        f=["D "+x for x in axe(page)]
        page.set_viewport_size(PHONE)
        if role+language in os.environ.get("SHOTS",""):
            page.screenshot(path=f"/tmp/browser/shots/{role}-{language}-{n}-390.png",full_page=True)
        f+=["P "+x for x in axe(page) if "D "+x not in f]
        page.set_viewport_size(NARROW)
        s=page.evaluate(SIDEWAYS)
        if s and not p.startswith("/admin"): f.append(f"sideways {s} "+str(page.evaluate("[...document.querySelectorAll('main *')].filter(e=>e.getBoundingClientRect().right>320).slice(0,4).map(e=>e.outerHTML.slice(0,90))")))
        h=page.locator("h1").count()
        if h!=1: f.append(f"h1={h}")
        t=page.title(); titles.setdefault(t,[]).append(p)
        if page.watch.unexpected: f+=page.watch.unexpected; page.watch.faults.clear()
        if f: out[p]=f
    for p,f in out.items():
        print(p)
        for x in f: print("    ",x)
    for t,ps in titles.items():
        if len(ps)>1: print("SAME TITLE",t,ps)
    print("time",round(time.time()-t0,1))
