"""What comes out of a word processor keeps its tables and loses its styles."""

from core import richtext

PASTED = """<!--StartFragment--><p class="MsoNormal" style="mso-margin-top-alt:auto"><b><span
 lang="ZH-CN" style="font-family:仿宋">一、补贴标准</span></b><o:p></o:p></p>
<table class="MsoTableGrid" border="1"
 style="border-collapse:collapse"><tr style="height:1pt">
<td width="100" colspan="2" style="border:solid windowtext"
 onclick="x()"><p class="MsoNormal">档次</p></td>
</tr></table><!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View>
</w:WordDocument></xml><![endif]--><style>p.MsoNormal {margin:0}</style>
<script>alert(1)</script><!--EndFragment-->"""


def test_pasted_text_keeps_its_table_and_loses_its_styles() -> None:
    cleaned = richtext.clean(PASTED)

    assert "".join(cleaned.split("\n")) == (
        '<p><b>一、补贴标准</b></p><table><tbody><tr><td colspan="2"><p>档次</p></td></tr></tbody></table>'
    )
